// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static io.nodeqos.reconcile.rollout.PlannerCase.A;
import static io.nodeqos.reconcile.rollout.PlannerCase.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rollout that has failed, from the decision to go back on. */
class RolloutWayBackTest {
  private final PlannerCase rollout = new PlannerCase(6).step(2);

  @Test
  void nodeThatComesLateGoesBackWithoutANewRecord() {
    RolloutState end = rolledBack();
    rollout.carries("n05", B);
    RolloutDecision late = rollout.decide();
    assertEquals(end.phase(), late.state().phase());
    assertEquals(end.message(), late.state().message());
    assertEquals(Map.of("n05", A), late.moves());
  }

  @Test
  void rolloutIsNotBackWhileASuspendedPolicyHoldsItsNodes() {
    rollout.settle();
    rollout.fail("n00");
    rollout.written = Optional.of(rollout.decide().state());
    rollout.nodes.values().stream().toList().forEach(n -> rollout.put(PlannerCase.frozen(n)));
    rollout.suspended = true;
    RolloutDecision held = rollout.decide();
    assertEquals(RolloutPhase.ROLLING_BACK, held.state().phase());
    assertEquals(Map.of(), held.moves());
    rollout.suspended = false;
    assertEquals(
        RolloutPhase.ROLLED_BACK, rollout.decide().state().phase(), "others hold the nodes");
  }

  @Test
  void suspendedPolicyWithoutANodeOnTheTargetIsBack() {
    rollout.settle();
    rollout.fail("n00");
    rollout.written = Optional.of(rollout.decide().state());
    rollout.nodes.keySet().stream().toList().forEach(n -> rollout.carries(n, A));
    rollout.suspended = true;
    assertEquals(RolloutPhase.ROLLED_BACK, rollout.decide().state().phase());
  }

  private RolloutState rolledBack() {
    rollout.settle();
    rollout.fail("n00");
    RolloutState end = rollout.settle();
    assertEquals(RolloutPhase.ROLLED_BACK, end.phase());
    return end;
  }
}
