// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A step of a rollout.
 *
 * @param index counts from 1
 * @param share as the policy has it
 * @param nodes how many nodes carry the target revision at its end, in all
 * @param counts of the present step; empty for the others
 * @param soaked how long all nodes of the step have been healthy; empty for the other steps
 * @param soak how long they must be
 * @param state {@link #PASSED}, {@link #NOT_BEGUN}, or the reason of the present phase
 */
record StepRow(
    int index,
    Share share,
    int nodes,
    Optional<Counts> counts,
    Optional<Duration> soaked,
    Duration soak,
    String state) {
  static final String PASSED = "Passed";
  static final String NOT_BEGUN = "NotBegun";

  static List<StepRow> of(RolloutState state, RolloutSpec strategy, Instant now) {
    List<StepRow> rows = new ArrayList<>();
    boolean isComplete = state.phase() == RolloutPhase.COMPLETE;
    // The steps may have been edited since.
    int present = Math.min(state.progress().step(), strategy.steps().size());
    Duration soak = strategy.health().soak();
    for (int index = 1; index <= strategy.steps().size(); index++) {
      Share share = strategy.step(index).nodes();
      int nodes = share.ceilingOf(state.counts().nodes());
      boolean isPresent = index == present && !isComplete;
      rows.add(
          isPresent
              ? new StepRow(
                  index,
                  share,
                  nodes,
                  Optional.of(state.counts()),
                  state.phase().isBack() ? Optional.empty() : Optional.of(soaked(state, soak, now)),
                  soak,
                  state.reason().isEmpty() ? state.phase().text() : state.reason())
              : new StepRow(
                  index,
                  share,
                  nodes,
                  Optional.empty(),
                  Optional.empty(),
                  soak,
                  isComplete || index < present ? PASSED : NOT_BEGUN));
    }
    return rows;
  }

  private static Duration soaked(RolloutState state, Duration soak, Instant now) {
    Duration healthy =
        state
            .progress()
            .healthySince()
            .map(since -> Duration.between(since, now))
            .filter(d -> !d.isNegative())
            .orElse(Duration.ZERO);
    return healthy.compareTo(soak) > 0 ? soak : Duration.ofSeconds(healthy.toSeconds());
  }

  boolean isPresent() {
    return counts.isPresent();
  }

  boolean isPassed() {
    return state.equals(PASSED);
  }
}
