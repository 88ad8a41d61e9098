// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.util.Optional;

/** This process' hold on the Lease, from the reply to its take. Guarded by {@link LeaseHold}. */
final class OwnTerm {

  final LeaderTerm facts;

  /** When the PUT that took it was about to be sent. */
  final long takenAt;

  /** When the last committed PUT was about to be sent. */
  long renewedAt;

  /** Whether the elector has reported it. */
  boolean reported;

  /** Whether all is prepared, too, and writes may pass. */
  boolean started;

  OwnTerm(LeaderTerm facts, long takenAt) {
    this.facts = facts;
    this.takenAt = takenAt;
    this.renewedAt = takenAt;
  }

  /** Why the Lease, as it is now, says that this term is over; empty when it does not. */
  Optional<String> contradiction(Optional<LeaseState> now, String identity) {
    if (now.isEmpty()) {
      return Optional.of("the Lease was deleted");
    }
    LeaseState state = now.get();
    if (state.holder() == null) {
      return Optional.of("the Lease was emptied");
    }
    if (!state.heldBy(identity)) {
      return Optional.of(state.holder() + " holds the Lease");
    }
    return state.spec().transitions() == facts.epoch()
        ? Optional.empty()
        : Optional.of("another process took the Lease under the same identity");
  }
}
