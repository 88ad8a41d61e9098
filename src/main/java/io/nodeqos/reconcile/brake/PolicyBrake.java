// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.brake.Brake.Episode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The brake of one policy.
 *
 * @param since when the present episode started
 * @param ended when the episode before it started
 * @param freeSince when the last episode ended
 * @param counts the latest counts
 */
record PolicyBrake(Optional<Instant> since, Instant ended, Instant freeSince, BrakeCounts counts) {

  static final PolicyBrake NONE = of(Optional.empty());

  /**
   * @param recorded the start of the episode that the policy's status records
   */
  static PolicyBrake of(Optional<Instant> recorded) {
    return new PolicyBrake(recorded, Instant.EPOCH, Instant.EPOCH, BrakeCounts.NONE);
  }

  boolean isOn() {
    return since.isPresent();
  }

  PolicyBrake with(BrakeCounts newCounts) {
    return new PolicyBrake(since, ended, freeSince, newCounts);
  }

  /** In whole seconds, as the policy's status records it for the next leader. */
  PolicyBrake begin(Instant now) {
    return new PolicyBrake(
        Optional.of(now.truncatedTo(ChronoUnit.SECONDS)), ended, freeSince, counts);
  }

  /**
   * Takes over the start of the episode from the policy's status: the leader's record is valid for
   * all replicas. A status that still records the episode before is out of date.
   */
  PolicyBrake adopt(Optional<Instant> recorded) {
    return !isOn() || recorded.isEmpty() || recorded.get().equals(ended)
        ? this
        : new PolicyBrake(recorded, ended, freeSince, counts);
  }

  PolicyBrake end(Instant now) {
    return new PolicyBrake(Optional.empty(), since.orElse(ended), now, counts);
  }

  /** A node that an episode has held settles again after the end of the episode. */
  Instant settlesFrom(Instant due) {
    return due.isAfter(freeSince) ? due : freeSince;
  }

  /** The present episode, if there is one. */
  Optional<Episode> episode(PolicyObject policy) {
    return since.map(
        begin -> {
          String token = BrakeStatus.token(policy.meta(), begin);
          return new Episode(policy.name(), begin, token, token.equals(policy.confirm()), counts);
        });
  }
}
