// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A sign that something is wrong with a node.
 *
 * @param key the same for the same trouble
 * @param reason CamelCase
 * @param message a clause
 * @param since since when, by the API; empty when it does not say
 * @param grace how long it may last before the node has failed; empty for one that a step waits for
 *     and that is no failure, however long it lasts and however often it comes
 */
record Symptom(
    String key, String reason, String message, Optional<Instant> since, Optional<Duration> grace) {
  static final String NOT_ACKNOWLEDGED = "NotAcknowledged";

  /** The agent has not acknowledged the configuration of the present revision. */
  boolean isNotAcknowledged() {
    return reason.equals(NOT_ACKNOWLEDGED);
  }

  /** A restart of a kubelet or an agent passes within this time. */
  static final Duration RESTART = Duration.ofSeconds(30);

  static Symptom passing(String key, String reason, String message) {
    return new Symptom(key, reason, message, Optional.empty(), Optional.of(RESTART));
  }
}
