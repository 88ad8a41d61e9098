// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.node.value.GoDuration;
import io.nodeqos.policy.rollout.RolloutSpec.Health;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The sentences of {@code status.rollout.message}. */
final class RolloutText {
  private RolloutText() {}

  static String nodes(int nodes) {
    return nodes == 1 ? "1 node" : nodes + " nodes";
  }

  /** A clause about a failed node. */
  static String failure(Failure failure) {
    return failure.node() + " (" + failure.message() + ")";
  }

  static String updating(RolloutState state, int arriving) {
    Counts counts = state.counts();
    return step(state)
        + "revision "
        + state.revisions().target()
        + " is on "
        + counts.updated()
        + " of "
        + nodes(counts.wanted())
        + (arriving == 0 ? "" : ", of which " + arriving + " are not healthy yet")
        + ".";
  }

  static String soaking(RolloutState state, Health health) {
    return step(state)
        + nodes(state.counts().wanted())
        + " must be healthy until "
        + seconds(state.progress().healthySince().orElseThrow().plus(health.soak()))
        + ".";
  }

  static String stepPause(RolloutState state, Duration pause) {
    return step(state) + "the pause of " + GoDuration.format(pause) + " has not ended.";
  }

  static String awaitsPromotion(RolloutState state) {
    return step(state) + "the next step waits until this one is promoted.";
  }

  static String stableUnknown(RolloutState state) {
    return "No ControllerRevision records the stable revision "
        + state.revisions().stable()
        + ", so the nodes stay as they are. Without spec.rollout all of them follow revision "
        + state.revisions().target()
        + " at once.";
  }

  /**
   * The failed nodes, and those that are unwell in the control group.
   *
   * @param on how many nodes have the target revision
   */
  static String tooManyFailed(RolloutState state, int on, int allowed, int control, int ailing) {
    return state.counts().failed()
        + " of "
        + nodes(on)
        + " failed, at most "
        + allowed
        + " may; first: "
        + failure(state.failed().get(0))
        + ". Of the "
        + nodes(control)
        + " without the revision "
        + ailing
        + (ailing == 1 ? " fails" : " fail")
        + " in the same time.";
  }

  static String complete(RolloutState state, Duration took) {
    return "Revision "
        + state.revisions().target()
        + " is on "
        + nodes(state.counts().nodes())
        + ", after "
        + GoDuration.format(took)
        + ".";
  }

  static String rolledBack(RolloutState state) {
    return "Revision "
        + state.revisions().target()
        + " was rolled back"
        + (state.revisions().stable().isEmpty() ? "" : " to " + state.revisions().stable())
        + ": "
        + state.message();
  }

  private static String step(RolloutState state) {
    Progress progress = state.progress();
    return "Step " + progress.step() + " of " + progress.steps() + ": ";
  }

  private static Instant seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }
}
