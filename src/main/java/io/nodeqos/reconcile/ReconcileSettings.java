// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import java.time.Duration;

/**
 * What reconciling follows.
 *
 * @param resyncPeriod every node is looked at once in this time, though nothing happened
 * @param policyStatusInterval a policy's status is written at most this often
 * @param damping how long changes wait for calm
 */
public record ReconcileSettings(
    Duration resyncPeriod, Duration policyStatusInterval, DampingSettings damping) {

  public static final ReconcileSettings DEFAULTS =
      new ReconcileSettings(Duration.ofMinutes(10), Duration.ofSeconds(5), DampingSettings.DEFAULT);
}
