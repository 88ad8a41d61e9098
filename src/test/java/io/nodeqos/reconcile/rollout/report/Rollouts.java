// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout.report;

import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Records of a rollout of three steps, as the leader writes them. */
final class Rollouts {
  static final String STABLE = "aaaaaaaaaa";
  static final String TARGET = "bbbbbbbbbb";
  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private Rollouts() {}

  static RolloutState started() {
    return state(RolloutPhase.PROGRESSING, 1, 0, "Updating", "Step 1 of 3: 0 of 5 nodes.");
  }

  static RolloutState step(int step, int since) {
    return state(RolloutPhase.PROGRESSING, step, since, "Updating", "Step " + step + ".");
  }

  static RolloutState state(
      RolloutPhase phase, int step, int since, String reason, String message) {
    return new RolloutState(
        phase,
        new Revisions(STABLE, 3, TARGET),
        new Progress(step, 3, 0, START, START.plusSeconds(since), Optional.empty()),
        new Counts(100, 5 * step, 5 * step, 5 * step, 0, 0),
        List.of(),
        reason,
        message,
        "");
  }

  /** All nodes of the step are healthy since so many seconds after the start. */
  static RolloutState soaking(RolloutState of, int healthySince) {
    Progress p = of.progress();
    return of.with(
            new Progress(
                p.step(),
                p.steps(),
                p.promoted(),
                p.startedAt(),
                p.stepSince(),
                Optional.of(START.plusSeconds(healthySince))))
        .in(RolloutPhase.SOAKING, "Soaking", "Soaks.");
  }

  static RolloutState failing(RolloutState of, RolloutPhase phase, String reason) {
    return of.with(
            new Counts(100, 5, 5, 3, 2, 0),
            List.of(new Failure("n2", START.plusSeconds(9), "NotReady", "is not ready")))
        .in(phase, reason, "2 of 5 nodes failed.");
  }

  static RolloutState complete(RolloutState of) {
    return new RolloutState(
        RolloutPhase.COMPLETE,
        new Revisions(of.revisions().target(), 4, of.revisions().target()),
        of.progress(),
        of.counts(),
        List.of(),
        "Complete",
        "100 nodes carry revision bbbbbbbbbb, after 3m.",
        "");
  }

  static RolloutState of(RolloutState state, String target, int startedAt) {
    Instant start = START.plusSeconds(startedAt);
    return new RolloutState(
        state.phase(),
        new Revisions(STABLE, 3, target),
        new Progress(1, 3, 0, start, start, Optional.empty()),
        state.counts(),
        List.of(),
        state.reason(),
        state.message(),
        "");
  }
}
