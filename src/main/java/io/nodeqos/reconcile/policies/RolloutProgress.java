// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.reconcile.policies.Conditions.Condition;
import java.util.Optional;

/** What the rollout of the version in force means for the conditions of its policy. */
record RolloutProgress(RolloutState state) {
  private static final String UNDER_WAY = "RolloutProgressing";
  private static final String PAUSED = "RolloutPaused";
  private static final String ROLLED_BACK = "RolledBack";

  /** Empty without a rollout of the version in force, and once it is complete. */
  static Optional<RolloutProgress> of(PolicyCatalog.Entry entry) {
    Optional<NodeQoSPolicy> inForce =
        entry.inForce().filter(policy -> policy.spec().rollout().isPresent());
    return inForce.flatMap(
        policy ->
            RolloutJson.in(entry.latest().status())
                // After an edit the record is about the version before, until the leader has seen
                // the edit.
                .filter(state -> state.revisions().target().equals(policy.revision()))
                .filter(state -> state.phase() != RolloutPhase.COMPLETE)
                .map(RolloutProgress::new));
  }

  boolean isPaused() {
    return state.phase() == RolloutPhase.PAUSED;
  }

  boolean isRolledBack() {
    return state.phase() == RolloutPhase.ROLLED_BACK;
  }

  /** The condition {@code Progressing}. */
  Condition condition() {
    String reason = isPaused() ? PAUSED : isRolledBack() ? ROLLED_BACK : UNDER_WAY;
    return new Condition(
        PolicyConditions.PROGRESSING, !isPaused() && !isRolledBack(), reason, state.message());
  }
}
