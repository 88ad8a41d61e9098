// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.queue.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A node in the hands of a leader, of a standby, and of one that becomes the other. */
class FailOverTest {
  private static final String SPEC =
      """
      {'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]},
       'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}
      """;

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader = TestProcess.leader(api, time, policy("p", SPEC));

  @Test
  void closedFenceWritesNothingAndTheNodeCountsAsDifferent() {
    leader.fence.close();
    join();
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(List.of(), api.calls());
    assertEquals(Set.of("n"), leader.fleet.differing());
    assertEquals(List.of(), leader.events.latest(), "nothing has happened to the node");
  }

  @Test
  void nextLeaderWritesTheSecondPatchWhenTheFenceClosedAfterTheFirst() {
    join();
    api.thenWork().thenAnswer(new WriteResult.Fenced("closed"));
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(Set.of("n"), leader.fleet.differing());
    TestProcess next = TestProcess.leader(api, time, policy("p", SPEC));
    next.cluster.reserve("n", podState(false));
    api.calls();
    next.reconcileFresh("n");
    assertEquals(1, api.calls().size(), "only the status was missing");
  }

  @Test
  void newProcessKnowsTheStartOfAWarmUp() {
    join();
    leader.reconcileFresh("n");
    time.advance("2H");
    TestProcess next = new TestProcess(api, time, policy("p", SPEC));
    next.cluster.reserve("n", podState(false));
    next.reconcileFresh("n");
    assertEquals(
        Instant.parse(api.node("n").annotations().get(Keys.WARMING_UP_SINCE)),
        next.fleet.waiting(1).get(0).since(),
        "as the node says");
    assertTrue(
        next.fleet.waiting(1).get(0).since().isBefore(time.instant().minusSeconds(7_000)),
        "two hours, not since the process has been there");
  }

  @Test
  void newLeaderWritesOnlyTheNodesThatDiffer() {
    TestProcess standby = new TestProcess(api, time, policy("p", SPEC));
    for (String name : List.of("a", "b", "c")) {
      api.put(node(name).build());
      for (TestProcess process : List.of(leader, standby)) {
        process.cluster.reserve(name, podState(false));
      }
    }
    leader.reconcileFresh("a");
    leader.reconcileFresh("c");
    standby.catchUp();
    List.of("a", "b", "c").forEach(standby::reconcile);
    assertEquals(Set.of("b"), standby.fleet.differing());
    api.calls();
    standby.fence.open();
    standby.fleet.differing().forEach(standby::reconcile);
    assertEquals(2, api.calls().size());
    assertTrue(api.node("b").annotations().containsKey(Keys.CONFIG));
    assertEquals(Set.of(), standby.fleet.differing());
  }

  @Test
  void newLeaderReportsTheBlockersOfAWaitingNodeOnce() {
    join();
    leader.reconcileFresh("n");
    leader.reconcileFresh("n");
    assertEquals(
        List.of(Type.CONFIG_UPDATED, Type.WARMUP_STARTED),
        leader.eventTypes(),
        "the first leader has reported it with the start");
    TestProcess next = new TestProcess(api, time, policy("p", SPEC));
    next.cluster.reserve("n", podState(false));
    next.reconcileFresh("n");
    assertEquals(List.of(), next.eventTypes(), "a standby reports nothing");

    next.fence.open();
    api.calls();
    next.reconcileFresh("n");
    next.reconcileFresh("n");

    assertEquals(List.of(Type.WARMUP_WAITING), next.eventTypes());
    assertEquals(
        leader.events.latest().get(1).message(),
        next.events.latest().get(0).message(),
        "with every blocker");
    assertEquals(List.of(), api.calls(), "without a write to the node");
  }

  @Test
  void unwrittenMarkDoesNotCountAsWarm() {
    leader.fence.close();
    join();
    podReady(true);
    leader.reconcile("n");
    assertEquals(1, leader.fleet.phases().get(NodePhase.WAITING));
    assertEquals(0, leader.fleet.phases().get(NodePhase.WARM));
    leader.fence.open();
    leader.reconcileFresh("n");
    assertEquals(1, leader.fleet.phases().get(NodePhase.WARM));
  }

  @Test
  void epochIsWrittenWithOtherChangesAndIsNoDifference() {
    join();
    leader.reconcileFresh("n");
    assertEquals("1", api.node("n").annotations().get(Keys.LEADER_EPOCH));
    leader.fence.open();
    api.calls();
    leader.reconcileFresh("n");
    assertEquals(List.of(), api.calls(), "another term alone is nothing to write");
    podReady(true);
    leader.reconcileFresh("n");
    assertEquals("2", api.node("n").annotations().get(Keys.LEADER_EPOCH));
  }

  @Test
  void standbyForgetsStableForOfAWarmUpThatTheLeaderFinished() {
    String spec = "{'warmUp': {'nodeReady': {}, 'stableFor': '30s'}}";
    TestProcess standby = new TestProcess(api, time, policy("p", spec));
    TestProcess writer = TestProcess.leader(api, time, policy("p", spec));
    api.put(node("n").build());
    writer.reconcileFresh("n");
    standby.reconcileFresh("n");
    time.advance("30S");
    writer.reconcileFresh("n");
    standby.reconcileFresh("n");
    assertEquals(Optional.empty(), standby.fleet.state("n").memory().openSince());
  }

  private NodeView join() {
    api.put(node("n").taint(Keys.STARTUP_TAINT).build());
    podReady(false);
    leader.catchUp();
    return api.node("n");
  }

  private void podReady(boolean ready) {
    leader.cluster.reserve("n", podState(ready));
  }

  private static ReservedState podState(boolean ready) {
    return ReservedFixture.kubeSystem(List.of(ReservedFixture.pod("cni", ready)), List.of());
  }
}
