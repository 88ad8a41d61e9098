// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.time.Duration;

/**
 * How long a change waits for calm before it is worth a write.
 *
 * @param reservationRaise a write to raise a node's reservation comes at most this often
 * @param reservationLower a reservation is lowered after this long without a reason to raise it
 * @param conditionWording reason and wording of a False condition change at most this often
 */
public record DampingSettings(
    Duration reservationRaise, Duration reservationLower, Duration conditionWording) {

  public static final DampingSettings DEFAULTS =
      new DampingSettings(Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(10));
}
