// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.faults;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.FakePolicyWriter;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.reconcile.plan.WriteRules;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The API server, and all that writes to it but the controller. */
final class Outside {
  private static final String WARM_UP =
      "'warmUp': {'taintNewNodes': true, 'nodeReady': {}, "
          + "'reservedPods': [{'namespace': 'kube-system'}]}";

  final FakeTime time = new FakeTime();
  final FakeNodeWriter api = new FakeNodeWriter();
  final FakePolicyWriter policyApi = new FakePolicyWriter();
  private final Map<String, ReservedState> pods = new HashMap<>();

  /** Each node's boot, as its kubelet has reported a pod that is Ready in it. */
  private final Map<String, String> podsReadyIn = new HashMap<>();

  /** The boots in which a node was Ready beside its Ready pod. */
  private final Set<String> open = new HashSet<>();

  private int created;

  /** What a cache can hold. */
  record Seen(List<NodeView> nodes, Map<String, ReservedState> pods, List<PolicyObject> policies) {}

  Seen now() {
    return new Seen(api.nodes(), Map.copyOf(pods), List.copyOf(policyApi.policies().values()));
  }

  void policy(String name, String sections) {
    policyWithoutWarmUp(name, sections.isEmpty() ? WARM_UP : sections + ", " + WARM_UP);
  }

  void policyWithoutWarmUp(String name, String sections) {
    policyApi.apply(PolicyFixture.policy(name, "{" + sections + "}"));
  }

  void continuous(String name) {
    policyWithoutWarmUp(
        name, WARM_UP.replace("{'taint", "{'mode': 'Continuous', 'stableFor': '2s', 'taint"));
  }

  void delete(String policy) {
    policyApi.delete(policy);
  }

  void join(String name, boolean ready) {
    created++;
    NodeView node =
        NodeFixture.node(name)
            .uid(name + "-" + created)
            .boot("boot-" + created)
            .created(time.instant())
            .reportedAt(time.instant())
            .annotation("example.com/note", "n")
            .taint(Keys.STARTUP_TAINT)
            .taint(new Taint("example.com/t", "v", "NoSchedule", "{\"future\":1}"))
            .build();
    api.put(Plans.ready(node, ready));
    pods(name, false);
  }

  void joinWithPods(String name) {
    join(name, true);
    pods(name, true);
  }

  void gone(String name) {
    api.delete(name);
    pods.remove(name);
  }

  void ready(String name, boolean ready) {
    api.change(name, n -> Plans.ready(n, ready));
    noteOpenGates(name);
  }

  private void noteOpenGates(String name) {
    NodeView node = api.node(name);
    boolean isReady = node.condition("Ready").filter(c -> c.status().equals("True")).isPresent();
    if (isReady && boot(node).equals(podsReadyIn.get(name))) {
      open.add(boot(node));
    }
  }

  private static String boot(NodeView node) {
    return node.meta().uid() + "/" + node.status().bootId();
  }

  /** Whether all gates have been open in this boot of the node. */
  boolean hadOpenGates(NodeView node) {
    return open.contains(boot(node));
  }

  /** The status of its pods stays as it was in the boot before. */
  void reboot(String name) {
    created++;
    api.change(name, n -> Plans.rebooted(n, "boot-" + created, time.instant()));
  }

  /** As the kubelet reports it in this boot. */
  void pods(String name, boolean ready) {
    pods.put(
        name,
        ReservedFixture.kubeSystem(
            List.of(ReservedFixture.reported(ReservedFixture.pod("cni", ready), time.instant())),
            List.of()));
    if (ready) {
      podsReadyIn.put(name, boot(api.node(name)));
      noteOpenGates(name);
    }
  }

  void foreignTaint(String name) {
    api.change(
        name, n -> Plans.tainted(n, new Taint("example.com/u", "v", "NoExecute", "{\"u\":2}")));
  }

  /** All that the controller has made, without times and what rides along. */
  Map<String, String> end() {
    Map<String, String> end = new TreeMap<>();
    api.nodes().forEach(n -> end.put("node " + n.name(), describe(n)));
    policyApi
        .policies()
        .forEach((name, p) -> end.put("policy " + name, p.meta().finalizers() + describe(p)));
    return end;
  }

  private static String describe(NodeView node) {
    Map<String, String> annotations = new TreeMap<>(node.annotations());
    annotations
        .keySet()
        .removeAll(
            List.of(
                Keys.WARMED_UP_AT,
                Keys.LEADER_EPOCH,
                Keys.TRACEPARENT,
                Keys.WARMING_UP_SINCE,
                Keys.WARMING_UP_FOR));
    return String.join(
        "\n  ",
        new TreeMap<>(node.labels()).toString(),
        annotations.toString(),
        node.taints().stream().map(Taint::key).toList().toString(),
        node.condition(Keys.WARMED_UP_CONDITION)
            .map(c -> c.status() + " " + c.reason() + " " + c.message())
            .orElse("no condition"),
        new TreeMap<>(node.status().allocatable()).toString(),
        "marked " + WriteRules.isMarked(node));
  }

  private static String describe(PolicyObject policy) {
    return withoutTimes(policy.status()).toString();
  }

  private static JsonObject withoutTimes(JsonObject status) {
    JsonObject copy = status.deepCopy();
    if (copy.has("conditions")) {
      copy.getAsJsonArray("conditions")
          .forEach(c -> c.getAsJsonObject().remove("lastTransitionTime"));
    }
    return copy;
  }
}
