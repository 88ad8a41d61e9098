// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutSpec.OnFailure;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import java.util.List;
import java.util.Optional;

/** Why a rollout does not go forward: a person holds it, or too many nodes have failed. */
final class RolloutHold {
  private final RolloutInput in;

  /** The nodes on the target. */
  private final List<RolloutNode> on;

  RolloutHold(RolloutInput in, List<RolloutNode> on) {
    this.in = in;
    this.on = on;
  }

  /** The record of a rollout that does not go forward now; empty when it does. */
  Optional<RolloutState> of(RolloutState state) {
    if (in.suspended()) {
      return paused(state, "Suspended", "The policy is suspended.");
    }
    if (!in.isStableKnown()) {
      return paused(state, "StableUnknown", RolloutText.stableUnknown(state));
    }
    if (in.spec().paused()) {
      return paused(state, "PausedBySpec", "spec.rollout.paused is true.");
    }
    if (state.progress().promoted() >= state.progress().step()) {
      return Optional.empty();
    }
    Counts counts = state.counts();
    int allowed = in.spec().health().maxFailed().floorOf(on.size()) + state.progress().accepted();
    if (counts.failed() > allowed) {
      return Optional.of(tooManyFailed(state, allowed));
    }
    return state.phase() == RolloutPhase.PAUSED && state.reason().equals("TooManyFailed")
        ? Optional.of(state)
        : Optional.empty();
  }

  private RolloutState tooManyFailed(RolloutState given, int allowed) {
    RolloutState state = given.with(given.progress().unhealthy());
    Counts counts = state.counts();
    int control = in.nodes().size() - on.size();
    // A trouble of the whole cluster is not seen on all nodes in the same second.
    int ailing =
        (int)
            in.nodes().stream()
                .filter(n -> !n.isOn(in.revisions().target()) && isAiling(n.health()))
                .count();
    String failed = RolloutText.tooManyFailed(state, on.size(), allowed, control, ailing);
    if (new ControlGroup(on.size(), counts.failed(), control, ailing).failsAlike()) {
      return state.in(
          RolloutPhase.PAUSED,
          "ClusterTrouble",
          "Nodes fail with and without the revision, so nothing is rolled back: " + failed);
    }
    return in.spec().onFailure() == OnFailure.PAUSE
        ? state.in(RolloutPhase.PAUSED, "TooManyFailed", failed)
        : state.in(RolloutPhase.ROLLING_BACK, "TooManyFailed", failed);
  }

  private static boolean isAiling(NodeHealth health) {
    return health.failed() || !health.healthy();
  }

  private static Optional<RolloutState> paused(RolloutState state, String reason, String message) {
    return Optional.of(state.in(RolloutPhase.PAUSED, reason, message));
  }
}
