// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.EVERYTHING;
import static io.nodeqos.fixture.ReservedFixture.daemonSet;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.value.Toleration;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.policies.PolicyCleanup;
import io.nodeqos.reconcile.policies.PolicyStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A gate that waits for a pod kept off by the startup taint is reported, by name, once. */
class GateDeadlockTest {
  private static final String SPEC = "{'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader = TestProcess.leader(api, time, policy("p", SPEC));

  @Test
  void deadlockIsReportedOnTheNodeInAnEventAndInThePolicy() {
    joins("n");
    leader.reconcileFresh("n");
    NodeCondition condition = condition("n");
    assertEquals("False", condition.status());
    assertEquals("GateDeadlock", condition.reason());
    assertTrue(condition.message().contains("DaemonSet kube-system/cni"), condition.message());
    assertEquals(List.of(Type.WARMUP_STARTED, Type.GATE_DEADLOCK), leader.eventTypes());
    QosEvent event = leader.events.latest().get(1);
    assertTrue(event.message().startsWith("DaemonSet kube-system/cni does not tolerate"));
    JsonObject available = available();
    assertEquals("False", available.get("status").getAsString());
    assertEquals("GateDeadlock", available.get("reason").getAsString());
    assertEquals(
        "0/1 nodes are available, 1 cannot become warm. DaemonSet kube-system/cni does not"
            + " tolerate the startup taint, which stays until its pod is Ready. Add a toleration,"
            + " or take the DaemonSet out of the gate reservedPods.",
        available.get("message").getAsString());
  }

  @Test
  void deadlockIsOneEventForItsWholeTimeAndAnyLeader() {
    joins("n");
    for (int i = 0; i < 3; i++) {
      leader.reconcileFresh("n");
      time.advance("1H");
    }
    leader.fence.close();
    TestProcess next = TestProcess.leader(api, time, policy("p", SPEC));
    deadlock(next, "n");
    next.reconcileFresh("n");
    assertEquals(2, leader.events.latest().size());
    assertEquals(List.of(Type.WARMUP_WAITING), next.eventTypes(), "only its blockers");
    assertEquals(2, api.writes().size());
  }

  @Test
  void laterDeadlockIsReportedOnceTheWordingMayChange() {
    joins("n");
    leader.cluster.reserve("n", kubeSystem(List.of(pod("cni", false)), List.of()));
    leader.reconcileFresh("n");
    deadlock(leader, "n");
    time.advance("3S");
    leader.reconcileFresh("n");
    assertEquals("ReservedPodsNotReady", condition("n").reason());
    assertFalse(leader.eventTypes().contains(Type.GATE_DEADLOCK), "not before the node says so");
    time.advance("7S");
    leader.reconcileFresh("n");
    assertEquals("GateDeadlock", condition("n").reason());
    assertTrue(leader.eventTypes().contains(Type.GATE_DEADLOCK));
  }

  @Test
  void deadlockEndsWithATolerationAndThePod() {
    joins("n");
    leader.reconcileFresh("n");
    leader.policiesTold.clear();
    time.advance("1M");
    Toleration toleration = new Toleration(Keys.STARTUP_TAINT, "Exists", "", "");
    leader.cluster.reserve(
        "n", kubeSystem(List.of(), List.of(daemonSet("cni", List.of(toleration)))));
    leader.reconcileFresh("n");
    assertEquals("ReservedPodsNotReady", condition("n").reason());
    assertTrue(leader.policiesTold.contains("p"), "its status says otherwise");
    assertEquals("NotAllNodes", available().get("reason").getAsString());
    time.advance("1M");
    leader.cluster.reserve(
        "n", kubeSystem(List.of(pod("cni", true)), List.of(daemonSet("cni", List.of(EVERYTHING)))));
    leader.reconcileFresh("n");
    assertEquals("AllNodes", available().get("reason").getAsString());
  }

  @Test
  void policyNamesTheFirstOfManyDeadlocksInOrder() {
    for (int node = 0; node < 20; node++) {
      joins("n" + node);
      leader.cluster.reserve(
          "n" + node,
          kubeSystem(
              List.of(),
              IntStream.range(0, 13).mapToObj(i -> daemonSet("d" + (22 - i), List.of())).toList()));
      leader.reconcileFresh("n" + node);
    }
    String message = available().get("message").getAsString();
    assertTrue(
        message.startsWith(
            "0/20 nodes are available, 20 cannot become warm. DaemonSets kube-system/d10,"
                + " kube-system/d11,"),
        message);
    assertTrue(message.contains("kube-system/d19 and 3 more do not tolerate"), message);
  }

  private void joins(String name) {
    api.put(
        node(name)
            .uid("uid-" + name)
            .created(NodeFixture.CREATED)
            .taint(Keys.STARTUP_TAINT)
            .build());
    deadlock(leader, name);
  }

  private static void deadlock(TestProcess process, String node) {
    process.cluster.reserve(node, kubeSystem(List.of(), List.of(daemonSet("cni", List.of()))));
  }

  private NodeCondition condition(String node) {
    return api.node(node).condition(Keys.WARMED_UP_CONDITION).orElseThrow();
  }

  private JsonObject available() {
    JsonObject status =
        PolicyStatus.of(
            leader.policies.entry("p").orElseThrow(),
            new PolicyStatus.Facts(
                leader.census().of(leader.policies.entry("p").orElseThrow()),
                PolicyCleanup.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            new JsonObject(),
            time.instant());
    for (JsonElement condition : status.getAsJsonArray("conditions")) {
      if (condition.getAsJsonObject().get("type").getAsString().equals("Available")) {
        return condition.getAsJsonObject();
      }
    }
    throw new AssertionError(status.toString());
  }

  @Test
  void sentenceNamesTenDaemonSetsAndCountsTheOthers() {
    assertTrue(sentenceOf(10).startsWith("DaemonSets d1, d2, d3, d4, d5, d6, d7, d8, d9, d10 do"));
    assertTrue(sentenceOf(12).contains(", d10 and 2 more do not tolerate"));
    assertTrue(sentenceOf(1).startsWith("DaemonSet d1 does not tolerate"));
  }

  private static String sentenceOf(int daemonSets) {
    return GateDeadlock.sentence(
        IntStream.rangeClosed(1, daemonSets).mapToObj(n -> "d" + n).toList());
  }
}
