// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Warm nodes of the policy p, each with one pod that p waits for, and processes that see them. */
final class WarmFleet {
  static final String SPEC =
      "{'warmUp': {'mode': 'Continuous', 'stableFor': '30s',"
          + " 'reservedPods': [{'namespace': 'kube-system'}]}}";
  private static final Duration TICK = Duration.ofSeconds(1);

  final TestTime time = new TestTime();
  final FakeNodeWriter api = new FakeNodeWriter();
  final FakePolicyWriter policyApi = new FakePolicyWriter();
  private final Map<String, Boolean> ready = new TreeMap<>();
  private final List<QueuedProcess> processes = new ArrayList<>();

  /** Nodes n00 and so on, whose pods are Ready, and one process, which leads. */
  WarmFleet(int nodes) {
    policyApi.apply(policy("p", SPEC));
    IntStream.range(0, nodes).mapToObj(WarmFleet::name).forEach(this::join);
    start().lead();
    run(TICK);
  }

  static String name(int number) {
    return "n%02d".formatted(number);
  }

  private void join(String node) {
    api.put(Plans.warm(node).build());
    ready.put(node, true);
  }

  void leave(int number) {
    api.delete(name(number));
    ready.remove(name(number));
  }

  /** The node is deleted and created again under its name before anybody looks. */
  void replace(int number) {
    api.delete(name(number));
    api.put(
        node(name(number))
            .uid("uid-2-" + name(number))
            .boot("boot-2")
            .taint(Keys.STARTUP_TAINT)
            .build());
  }

  /** The node is rebooted and somebody takes its mark off, before anybody looks. */
  void rebootUnmarked(int number) {
    reboot(number);
    api.change(name(number), n -> Plans.unlabelled(n, Keys.WARMED_UP));
  }

  void reboot(int number) {
    api.change(name(number), n -> Plans.rebooted(n, "boot-2", time.instant()));
  }

  /** A process that stands by. */
  QueuedProcess start() {
    QueuedProcess process = new QueuedProcess(api, policyApi, time);
    processes.add(process);
    return process;
  }

  void kill(QueuedProcess process) {
    process.depose();
    processes.remove(process);
  }

  QueuedProcess leader() {
    return processes.stream().filter(QueuedProcess::leads).findFirst().orElseThrow();
  }

  List<QueuedProcess> standbys() {
    return processes.stream().filter(p -> !p.leads()).toList();
  }

  /** The pods of the nodes from the first to before the last. */
  void pods(int first, int last, boolean areReady) {
    IntStream.range(first, last).forEach(i -> ready.put(name(i), areReady));
  }

  void apply(String spec) {
    policyApi.apply(policy("p", spec));
  }

  /** As the finalizer would let it: it stays until its nodes are clean. */
  void deletePolicy() {
    policyApi.delete("p");
  }

  boolean hasPolicy() {
    return policyApi.policies().containsKey("p");
  }

  void confirm(String token) {
    policyApi.confirm("p", token);
  }

  void run(Duration time) {
    for (Duration left = time; !left.isNegative(); left = left.minus(TICK)) {
      boolean busy = true;
      for (int pass = 0; busy; pass++) {
        assertTrue(pass < 1_000, "a hot loop: there is always something to do");
        busy = false;
        for (QueuedProcess process : processes) {
          see(process);
          busy |= process.work();
        }
      }
      this.time.advance(TICK);
    }
  }

  private void see(QueuedProcess process) {
    for (String known : List.copyOf(process.process.cluster.nodeNames())) {
      if (api.node(known) == null) {
        process.see(known, Optional.empty());
      }
    }
    process.seePolicies(List.copyOf(policyApi.policies().values()));
    ready.forEach(
        (node, isReady) -> {
          process.seePods(
              node,
              ReservedFixture.kubeSystem(List.of(ReservedFixture.pod("cni", isReady)), List.of()));
          process.see(node, Optional.of(api.node(node)));
        });
  }

  /** Nodes that carry the mark. */
  long marked() {
    return api.nodes().stream().filter(n -> n.labels().containsKey(Keys.WARMED_UP)).count();
  }

  long tainted() {
    return api.nodes().stream().filter(WriteRules::isTainted).count();
  }

  JsonObject status() {
    return policyApi.policies().get("p").status();
  }

  boolean isBraked() {
    return progressing("reason").equals("Braked");
  }

  String progressing(String field) {
    for (var one : status().getAsJsonArray("conditions")) {
      JsonObject condition = one.getAsJsonObject();
      if (condition.get("type").getAsString().equals("Progressing")) {
        return condition.get(field).getAsString();
      }
    }
    return "";
  }

  /** Empty when the status tells of no brake. */
  String token() {
    return status().has("brake")
        ? status().getAsJsonObject("brake").get("token").getAsString()
        : "";
  }
}
