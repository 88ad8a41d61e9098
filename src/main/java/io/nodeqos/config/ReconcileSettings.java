// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import io.nodeqos.reconcile.DampingSettings;
import java.time.Duration;
import java.util.List;

/**
 * What reconciling follows.
 *
 * @param reservedNamespaces namespaces that are reserved without carrying the label
 * @param resyncPeriod every node is looked at once in this time, though nothing happened
 * @param policyStatusInterval a policy's status is written at most this often
 * @param damping how long changes wait for calm
 */
public record ReconcileSettings(
    List<String> reservedNamespaces,
    Duration resyncPeriod,
    Duration policyStatusInterval,
    DampingSettings damping) {

  public static final ReconcileSettings DEFAULTS =
      new ReconcileSettings(
          List.of("kube-system"),
          Duration.ofMinutes(10),
          Duration.ofSeconds(5),
          DampingSettings.DEFAULT);

  public ReconcileSettings {
    reservedNamespaces = List.copyOf(reservedNamespaces);
  }
}
