// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.preview.change.NodeOutcome;
import io.nodeqos.reconcile.rollout.StepForecast;
import java.util.List;

/**
 * A rollout that an edit starts.
 *
 * @param rollout the policy with the edit
 */
public record PlannedRollout(PolicyRollout rollout, StepForecast forecast) {

  /** No step begins before an operator changes the spec. */
  public boolean isHeld() {
    return rollout.spec().paused() || rollout.isSuspended();
  }

  static PlannedRollout of(PolicyRollout rollout, List<NodeOutcome> outcomes) {
    return new PlannedRollout(
        rollout,
        StepForecast.of(
            rollout,
            outcomes.stream()
                .filter(outcome -> rollout.counts(outcome.after().seen().node()))
                .map(outcome -> node(rollout, outcome))
                .toList()));
  }

  private static StepForecast.Node node(PolicyRollout rollout, NodeOutcome outcome) {
    return StepForecast.Node.of(
        rollout.spec(),
        outcome.before().seen().node(),
        outcome.before().seen().reserved(),
        outcome.before().plan(),
        rollout.isSuspended() || outcome.after().plan().summary().freeze().isEmpty());
  }
}
