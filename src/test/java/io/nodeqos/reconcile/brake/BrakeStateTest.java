// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.reconcile.brake.BrakeState.Kind;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the brake makes of one node. */
class BrakeStateTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.700Z");
  private static final Instant BEFORE = Instant.parse("2026-01-01T11:30:00Z");
  private static final NodePlan KEEPING =
      NodePlan.none(NodePlan.Summary.of(NodePhase.WAITING), NodeMemory.NONE);
  private static final NodePlan TAKING =
      KEEPING.withTransitions(List.of(PlannedTransition.MARKS_REMOVED));

  private static BrakeState before(Kind kind, String policy) {
    return new BrakeState(kind, policy, BEFORE, "", "uid-1/boot-1");
  }

  /** The node lost its mark in this boot. */
  private static NodeFixture lost() {
    return NodeFixture.node("n").annotation(Keys.WARMED_UP_FOR, "uid-1/boot-1");
  }

  private static Instant lostAt(NodeView node, BrakeState before) {
    BrakeState state = BrakeState.of(node, KEEPING, "p", before, NOW);
    assertEquals(Kind.LOST, state.kind());
    return state.since();
  }

  @ParameterizedTest
  @EnumSource
  void nodeWithoutEvidenceIsLostOnlyAfterItWasLosing(Kind kind) {
    boolean isLosing = kind == Kind.DUE || kind == Kind.LOST;
    NodeView bare = NodeFixture.node("n").build();
    BrakeState before = before(kind, "p");
    assertEquals(isLosing, before.isLosing());
    assertEquals(
        isLosing ? Kind.LOST : Kind.OTHER, BrakeState.of(bare, KEEPING, "p", before, NOW).kind());
    assertEquals(
        isLosing ? "p" : "", BrakeState.policyOf(bare, CompiledConfig.NONE, KEEPING, before));
    assertSame(
        BrakeState.NONE, BrakeState.of(bare, KEEPING, "q", before, NOW), "of another policy");
  }

  @Test
  void nodeWithAMarkOfAnotherWriterIsNotLost() {
    NodeView labelled = NodeFixture.node("n").label(Keys.WARMED_UP, "true").build();
    assertSame(BrakeState.NONE, BrakeState.of(labelled, KEEPING, "p", before(Kind.DUE, "p"), NOW));
  }

  @Test
  void nodeWithoutAPolicyIsNotCounted() {
    assertSame(
        BrakeState.NONE,
        BrakeState.of(Plans.warm("n").build(), TAKING, "", before(Kind.DUE, ""), NOW));
  }

  @ParameterizedTest
  @CsvSource({
    "False, 2026-01-01T11:00:00Z, 2026-01-01T11:00:00Z",
    "Unknown, 2026-01-01T11:00:00Z, 2026-01-01T11:00:00Z",
    "True, 2026-01-01T11:00:00Z, 2026-01-01T12:00:00Z",
    "False, 1970-01-01T00:00:00Z, 2026-01-01T12:00:00Z",
    "False, 2026-01-01T12:00:01Z, 2026-01-01T12:00:00Z",
    "False, 2026-01-01T12:00:00.700Z, 2026-01-01T12:00:00.700Z"
  })
  void laterProcessTakesTheTimeOfTheLossFromTheCondition(String status, Instant at, Instant lost) {
    NodeView node =
        lost()
            .condition(new NodeCondition(Keys.WARMED_UP_CONDITION, status, "Test", "", at))
            .build();
    assertEquals(lost, lostAt(node, BrakeState.NONE));
  }

  @Test
  void timeOfALossThatWasSeenStays() {
    NodeView node =
        lost()
            .condition(
                new NodeCondition(
                    Keys.WARMED_UP_CONDITION, "False", "Test", "", BEFORE.minusSeconds(60)))
            .build();
    assertEquals(BEFORE, lostAt(node, before(Kind.LOST, "p")));
    assertEquals(
        Instant.parse("2026-01-01T12:00:00Z"), lostAt(node, before(Kind.WARM, "p")), "seen now");
    assertEquals(Instant.parse("2026-01-01T12:00:00Z"), lostAt(lost().build(), BrakeState.NONE));
  }

  @Test
  void policyOfALossIsTheOneThatTheNodeNames() {
    NodePlan leaving =
        TAKING.withSummary(TAKING.summary().withLeftovers(List.of("left"), List.of()));
    NodeView naming =
        Plans.warm("n").annotation(Keys.CONFIG, "{\"sources\":{\"warmUp\":\"named\"}}").build();
    NodeView warm = Plans.warm("n").build();
    BrakeState before = before(Kind.WARM, "before");
    assertEquals("named", BrakeState.policyOf(naming, CompiledConfig.NONE, leaving, before));
    assertEquals("left", BrakeState.policyOf(warm, CompiledConfig.NONE, leaving, before));
    assertEquals("before", BrakeState.policyOf(warm, CompiledConfig.NONE, TAKING, before));
  }
}
