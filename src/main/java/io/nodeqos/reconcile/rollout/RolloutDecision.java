// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.policy.rollout.RolloutState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A decision about a rollout.
 *
 * @param state the record to write
 * @param moves node to the revision that it is given, in order; empty for none. Carried out only
 *     when the status has the phase, the step and the revisions of the record
 */
record RolloutDecision(RolloutState state, Map<String, String> moves) {
  RolloutDecision {
    moves = Collections.unmodifiableMap(new LinkedHashMap<>(moves));
  }

  static RolloutDecision of(RolloutState state) {
    return new RolloutDecision(state, Map.of());
  }

  /** True when the written record allows the moves. */
  boolean isAllowedBy(Optional<RolloutState> written) {
    // More nodes than the record says: some have joined, and a percentage means more of them now.
    return written
        .filter(state::isStepOf)
        .filter(
            w ->
                moves.isEmpty()
                    || state.phase().isBack()
                    || state.counts().wanted() <= w.counts().wanted())
        .isPresent();
  }
}
