// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * A sign that something is wrong with a node.
 *
 * @param key the same for the same trouble
 * @param reason CamelCase
 * @param message a clause
 * @param since since when, by the API; empty when it does not say
 * @param atOnce it is a failure at once; otherwise it may pass by itself, as a restart does
 */
record Symptom(String key, String reason, String message, Optional<Instant> since, boolean atOnce) {
  static Symptom passing(String key, String reason, String message) {
    return new Symptom(key, reason, message, Optional.empty(), false);
  }
}
