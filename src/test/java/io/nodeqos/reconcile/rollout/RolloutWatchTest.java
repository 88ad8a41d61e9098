// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.rollout.NodeMoves;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.reconcile.FakeCluster;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the leader sees of the nodes of a rollout. */
class RolloutWatchTest {
  private static final Instant START = NodeFixture.CREATED.plusSeconds(3600);
  private static final Summary SUMMARY = Summary.of(NodePhase.WARM);

  private final FakeCluster cluster = new FakeCluster();
  private final FleetIndex fleet = new FleetIndex();
  private final NodeMoves moves = new NodeMoves();
  private final RolloutWatch watch = new RolloutWatch(cluster, fleet, moves);
  private final PolicyRollout rollout =
      RolloutFixture.rollout(
          "{'reservation': {'cpu': '2'}, 'warmUp': {'configApplied': {}},"
              + " 'rollout': {'health': {'ackWithin': '30s'}}}");
  private Optional<Instant> startedAt = Optional.of(START);
  private Instant now = START;

  @BeforeEach
  void decideNode() {
    decided(NodeState.of(NodePlan.none(SUMMARY, NodeMemory.NONE)));
  }

  @Test
  void moveEndsWithTheWriteOfItsRevision() {
    show(carrying(rollout.stable()));
    moves.move("p", "n", rollout.target());
    assertEquals(Optional.of(rollout.target()), look().moving());
    show(carrying(rollout.target()));
    assertEquals(Optional.empty(), look().moving());
    assertEquals(Optional.empty(), moves.of("p", "n"));
    assertEquals(rollout.target(), look().carried());
    assertEquals(rollout.stable(), look().stable());
  }

  @Test
  void nodeThatDoesNotCountHasNoMove() {
    show(carrying(rollout.stable()).deleting());
    moves.move("p", "n", rollout.target());
    assertEquals(List.of(), all());
    assertEquals(Optional.empty(), moves.of("p", "n"));
  }

  @Test
  void nodeIsMovedOnceItIsDecidedUnlessItIsFrozenOrRefused() {
    show(carrying(rollout.stable()));
    NodeState done = fleet.state("n");
    assertTrue(look().movable());
    assertTrue(look().settled());
    decided(done.withProblem("the API server refuses it"));
    assertFalse(look().movable());
    assertFalse(look().settled());
    Summary frozen = SUMMARY.frozen(new Freeze(Freeze.Cause.SUSPENDED, "q", true));
    decided(NodeState.of(NodePlan.none(frozen, NodeMemory.NONE)));
    assertFalse(look().movable());
    assertTrue(look().settled(), "nothing is to be written");
    fleet.forget("n");
    assertFalse(look().movable());
    decided(done.marked(now));
    assertTrue(look().movable());
    assertFalse(look().settled(), "the status is to be written");
  }

  @Test
  void cordonedOrNotReadyNodeIsUnwell() {
    show(carrying(rollout.stable()));
    assertFalse(look().unwell());
    show(carrying(rollout.stable()).taint("node.kubernetes.io/unschedulable"));
    assertTrue(look().unwell());
    assertTrue(look().health().healthy(), "it is no symptom");
    show(carrying(rollout.stable()).taint("example.com/other"));
    assertFalse(look().unwell());
    show(carrying(rollout.stable()).condition("Ready", "False"));
    assertTrue(look().unwell());
    assertFalse(look().health().healthy());
  }

  @Test
  void whatWasWrongBeforeTheMoveIsNotTheRevisionsFault() {
    show(carrying(rollout.stable()));
    assertTrue(look().health().healthy());
    show(carrying(rollout.stable()).condition("Ready", "False"));
    assertFalse(look().health().healthy());
    watch.moved("n");
    assertTrue(look().health().healthy());
    watch.moved("unknown");
  }

  @Test
  void whatIsWrongWithANodeThatJoinsDuringTheRolloutWasWrongBefore() {
    show(carrying(rollout.stable()).created(START.plusSeconds(1)).condition("Ready", "False"));
    assertTrue(look().health().healthy());
  }

  @Test
  void whatIsWrongSinceBeforeTheStartWasWrongBefore() {
    show(carrying(rollout.stable()).created(START).condition(notReady(START.minusSeconds(1))));
    assertTrue(look().health().healthy());
  }

  @Test
  void whatIsWrongSinceTheStartCounts() {
    show(carrying(rollout.stable()).created(START).condition(notReady(START)));
    assertFalse(look().health().healthy());
  }

  private static NodeCondition notReady(Instant since) {
    return new NodeCondition("Ready", "False", "KubeletNotReady", "", since);
  }

  @Test
  void nodeIsAsItIsWhenTheRolloutStartsNow() {
    startedAt = Optional.empty();
    show(carrying(rollout.stable()).condition("Ready", "False"));
    assertTrue(look().health().healthy());
  }

  @Test
  void revisionIsChangedWhenItIsFirstSeen() {
    show(carrying(rollout.stable()));
    assertEquals(START, look().changedAt());
    now = START.plusSeconds(7);
    assertEquals(START, look().changedAt());
    show(carrying(rollout.target()));
    assertEquals(now, look().changedAt());
    cluster.hide("n");
    assertEquals(List.of(), all());
    now = START.plusSeconds(9);
    show(carrying(rollout.target()));
    assertEquals(now, look().changedAt(), "another node of this name");
  }

  @Test
  void nodeOnTheTargetMustBeAcknowledgedInTime() {
    show(carrying(rollout.stable()).label(Keys.CONFIG_VERSION, "v2"));
    assertTrue(look().health().healthy(), "not on the target");
    show(carrying(rollout.target()).label(Keys.CONFIG_VERSION, "v2"));
    assertFalse(look().health().healthy());
    assertFalse(look().health().failed());
    now = START.plusSeconds(30);
    assertEquals(
        Optional.of("the agent did not acknowledge v2 within 30s"),
        look().health().failure().map(Failure::message));
    show(acknowledged("v1"));
    assertFalse(look().health().healthy(), "that was another version");
    show(acknowledged("v2"));
    assertTrue(look().health().healthy());
    show(carrying(rollout.target()));
    assertTrue(look().health().healthy(), "no configuration, nothing to acknowledge");
  }

  private NodeFixture acknowledged(String version) {
    return carrying(rollout.target())
        .label(Keys.CONFIG_VERSION, "v2")
        .annotation(Keys.APPLIED_VERSION, version);
  }

  private static NodeFixture carrying(String revision) {
    return RolloutFixture.carrying("n", revision);
  }

  private void show(NodeFixture node) {
    cluster.show(node.build());
  }

  private void decided(NodeState state) {
    fleet.update("n", before -> state);
  }

  private RolloutNode look() {
    return all().get(0);
  }

  private List<RolloutNode> all() {
    return watch.look(rollout, rollout.spec(), startedAt, now);
  }
}
