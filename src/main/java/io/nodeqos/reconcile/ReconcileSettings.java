// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.Keys;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.node.TransientTaints;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of the reconcile.
 *
 * @param resyncPeriod every node is reconciled once in this time, even without a change
 * @param policyStatusInterval a policy's status is written at most this often
 * @param damping how long small changes wait
 * @param brake when a change is held until an operator confirms it
 * @param orphanTaintGrace after this time a startup taint that no policy removes is reported
 * @param startupTaints startup taints of other controllers, in the form of {@link
 *     TransientTaints#more}
 * @param startupTaintPrefixes further prefixes that the key of a policy's startup taint may have
 * @param publishReservation whether the reservation is published for Koordinator's scheduler
 * @param traceparentKey the Node annotation that names the trace of the last write; one of {@link
 *     #TRACEPARENT_KEYS}
 */
public record ReconcileSettings(
    Duration resyncPeriod,
    Duration policyStatusInterval,
    DampingSettings damping,
    BrakeSettings brake,
    Duration orphanTaintGrace,
    List<String> startupTaints,
    StartupTaintPrefixes startupTaintPrefixes,
    boolean publishReservation,
    String traceparentKey) {

  public static final List<String> TRACEPARENT_KEYS =
      List.of(Keys.TRACEPARENT, Keys.TRACEPARENT_DRAFT);

  public static final ReconcileSettings DEFAULTS =
      new ReconcileSettings(
          Duration.ofMinutes(10),
          Duration.ofSeconds(5),
          DampingSettings.DEFAULT,
          BrakeSettings.DEFAULT,
          Duration.ofMinutes(2),
          TransientTaints.KNOWN.more(),
          StartupTaintPrefixes.DEFAULT,
          false,
          Keys.TRACEPARENT);

  /** The taints that do not stay: those of other controllers, and startup taints of policies. */
  public TransientTaints transientTaints() {
    return new TransientTaints(
        Stream.concat(startupTaints.stream(), startupTaintPrefixes.more().stream()).toList());
  }
}
