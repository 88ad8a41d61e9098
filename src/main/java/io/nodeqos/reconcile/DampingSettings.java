// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import java.time.Duration;

/**
 * How often a node is written for a small change alone.
 *
 * @param raiseReservation least time between two writes that raise the reservation
 * @param lowerReservation how long a lower reservation must stay the same before it is written
 * @param conditionWording least time between two wordings of the condition while it is not True
 */
public record DampingSettings(
    Duration raiseReservation, Duration lowerReservation, Duration conditionWording) {
  public static final DampingSettings DEFAULT =
      new DampingSettings(Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(10));
}
