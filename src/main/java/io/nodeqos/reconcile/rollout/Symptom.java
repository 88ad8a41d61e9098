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
 * @param grace how long it may last before the node has failed
 */
record Symptom(String key, String reason, String message, Optional<Instant> since, Duration grace) {
  static final String NOT_ACKNOWLEDGED = "NotAcknowledged";
  static final String GATE_CLOSED = "GateClosed";

  /** The agent has not acknowledged the configuration of the present revision. */
  boolean isNotAcknowledged() {
    return reason.equals(NOT_ACKNOWLEDGED);
  }

  /** A gate of the warm-up is closed. */
  boolean isClosedGate() {
    return reason.equals(GATE_CLOSED);
  }

  /** A restart of a kubelet or an agent passes within this time. */
  static final Duration RESTART = Duration.ofSeconds(30);

  /** All gates are open, and stay so for the time that the policy sets: no failure. */
  static final Duration UNTIL_IT_ENDS = Duration.ofDays(36_500);

  static Symptom passing(String key, String reason, String message) {
    return new Symptom(key, reason, message, Optional.empty(), RESTART);
  }
}
