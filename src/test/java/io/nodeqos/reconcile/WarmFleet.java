// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.reconcile.plan.WriteRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Warm nodes of the policy p, each with one pod that p waits for, and processes that see them. */
public final class WarmFleet {
  public static final String SPEC =
      "{'warmUp': {'mode': 'Continuous', 'stableFor': '30s',"
          + " 'reservedPods': [{'namespace': 'kube-system'}]}}";
  private static final Duration TICK = Duration.ofSeconds(1);

  final FakeTime time = new FakeTime();
  public final FakeNodeWriter api = new FakeNodeWriter();
  public final FakePolicyWriter policyApi = new FakePolicyWriter();
  private final Map<String, Boolean> ready = new TreeMap<>();
  private final List<QueuedProcess> processes = new ArrayList<>();

  /** Nodes n00 and so on, whose pods are Ready, and one process, which leads. */
  public WarmFleet(int nodes) {
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

  public void leave(int number) {
    api.delete(name(number));
    ready.remove(name(number));
  }

  /** The node is deleted and created again under its name before a reconcile. */
  public void replace(int number) {
    api.delete(name(number));
    api.put(
        node(name(number))
            .uid("uid-2-" + name(number))
            .boot("boot-2")
            .taint(Keys.STARTUP_TAINT)
            .build());
  }

  /** The node is rebooted and another writer removes its mark, before a reconcile. */
  public void rebootUnmarked(int number) {
    reboot(number);
    api.change(name(number), n -> Plans.unlabelled(n, Keys.WARMED_UP));
  }

  public void reboot(int number) {
    api.change(name(number), n -> Plans.rebooted(n, "boot-2", time.instant()));
  }

  /** A process that stands by. */
  public QueuedProcess start() {
    QueuedProcess process = new QueuedProcess(api, policyApi, time);
    processes.add(process);
    return process;
  }

  public void brake(BrakeSettings settings) {
    processes.forEach(p -> p.process.brakeSettings = settings);
  }

  public void kill(QueuedProcess process) {
    process.depose();
    processes.remove(process);
  }

  public QueuedProcess leader() {
    return processes.stream().filter(QueuedProcess::leads).findFirst().orElseThrow();
  }

  public List<QueuedProcess> standbys() {
    return processes.stream().filter(p -> !p.leads()).toList();
  }

  /** The pods of the nodes from the first to before the last. */
  public void pods(int first, int last, boolean areReady) {
    IntStream.range(first, last).forEach(i -> ready.put(name(i), areReady));
  }

  public void apply(String spec) {
    policyApi.apply(policy("p", spec));
  }

  /** As the finalizer would let it: it stays until its nodes are clean. */
  public void deletePolicy() {
    policyApi.delete("p");
  }

  public boolean hasPolicy() {
    return policyApi.policies().containsKey("p");
  }

  public void confirm(String token) {
    policyApi.confirm("p", token);
  }

  public void run(Duration time) {
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
  public long marked() {
    return api.nodes().stream().filter(n -> n.labels().containsKey(Keys.WARMED_UP)).count();
  }

  public long tainted() {
    return api.nodes().stream().filter(WriteRules::isTainted).count();
  }

  public JsonObject status() {
    return policyApi.policies().get("p").status();
  }

  public boolean isBraked() {
    return progressing("reason").equals("Braked");
  }

  public String progressing(String field) {
    for (var one : status().getAsJsonArray("conditions")) {
      JsonObject condition = one.getAsJsonObject();
      if (condition.get("type").getAsString().equals("Progressing")) {
        return condition.get(field).getAsString();
      }
    }
    return "";
  }

  /** Empty when the status reports no brake. */
  public String token() {
    return status().has("brake")
        ? status().getAsJsonObject("brake").get("token").getAsString()
        : "";
  }
}
