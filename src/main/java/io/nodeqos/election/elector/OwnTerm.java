// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeaseState;
import io.nodeqos.time.TimeSource;
import java.util.Optional;

/**
 * This process' hold on the Lease, from the reply to its acquisition. Guarded by {@link LeaseHold}.
 */
final class OwnTerm {

  final LeaderTerm facts;

  /** The time just before the PUT that acquired it was sent. */
  final long takenAt;

  /** The time just before the last committed PUT was sent. */
  long renewedAt;

  /** Whether the elector has reported it. */
  boolean reported;

  /** Whether the preparation is done, too, and writes may pass. */
  boolean started;

  OwnTerm(LeaderTerm facts, long takenAt) {
    this.facts = facts;
    this.takenAt = takenAt;
    this.renewedAt = takenAt;
  }

  /** A term whose take of the Lease was sent at that moment, with what was known then. */
  static OwnTerm taken(long epoch, TimeSource.Moment sent, LeaseView.AtSend known) {
    return new OwnTerm(
        new LeaderTerm(epoch, sent.wall(), known.lastHolder(), known.lastSign()), sent.nanos());
  }

  /** Why the present Lease ends this term; empty when it does not. */
  Optional<String> contradiction(Optional<LeaseState> now, String identity) {
    if (now.isEmpty()) {
      return Optional.of("the Lease was deleted");
    }
    LeaseState state = now.get();
    if (state.holder() == null) {
      return Optional.of("the holder was removed from the Lease");
    }
    if (!state.heldBy(identity)) {
      return Optional.of(state.holder() + " holds the Lease");
    }
    return state.spec().transitions() == facts.epoch()
        ? Optional.empty()
        : Optional.of("another process acquired the Lease under the same identity");
  }
}
