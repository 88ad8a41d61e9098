// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.duration;
import static io.nodeqos.config.SettingType.flag;
import static io.nodeqos.config.SettingType.oneOf;
import static io.nodeqos.config.SettingType.percentage;
import static io.nodeqos.config.SettingType.taintPrefixes;
import static io.nodeqos.config.SettingType.taints;

import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.reconcile.BrakeSettings;
import io.nodeqos.reconcile.DampingSettings;
import io.nodeqos.reconcile.ReconcileSettings;
import java.time.Duration;

/** The settings of reconciles. */
final class ReconcileSection {
  private ReconcileSection() {}

  static ReconcileSettings read(SettingsReader r) {
    ReconcileSettings d = ReconcileSettings.DEFAULTS;
    return new ReconcileSettings(
        r.live(
            "resyncPeriod",
            duration(Duration.ofSeconds(10), Duration.ofDays(1)),
            d.resyncPeriod(),
            "Every node is reconciled once in this time, also without an event."),
        r.live(
            "policyStatus.interval",
            duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            d.policyStatusInterval(),
            "A policy's status is written at most this often."),
        damping(r),
        brake(r),
        r.live(
            "orphanTaintGrace",
            duration(Duration.ZERO, Duration.ofDays(1)),
            d.orphanTaintGrace(),
            "A startup taint that no policy removes is reported after this time."),
        r.live(
            "startupTaints",
            taints(),
            d.startupTaints(),
            "Startup taints of other controllers, in addition to the known ones: a key, a prefix such as"
                + " example.com/, or a name behind any prefix such as */needs-init."),
        new StartupTaintPrefixes(
            r.get(
                "startupTaintPrefixes",
                taintPrefixes(),
                d.startupTaintPrefixes().more(),
                "Further prefixes that the taintKey of a policy may have, such as example.com/.")),
        r.live(
            "koordinator.publishReservation",
            flag(),
            d.publishReservation(),
            "Whether reservations are also published as the annotation"
                + " node.koordinator.sh/reservation of Koordinator."),
        r.get(
            "tracing.traceparentKey",
            oneOf(ReconcileSettings.TRACEPARENT_KEYS),
            d.traceparentKey(),
            "The Node annotation that names the trace of the last write."));
  }

  private static DampingSettings damping(SettingsReader r) {
    DampingSettings d = DampingSettings.DEFAULT;
    return new DampingSettings(
        r.live(
            "damping.reservationRaise",
            duration(Duration.ZERO, Duration.ofDays(1)),
            d.raiseReservation(),
            "A write that only raises a reservation comes at most this often."),
        r.live(
            "damping.reservationLower",
            duration(Duration.ZERO, Duration.ofDays(1)),
            d.lowerReservation(),
            "A reservation is lowered after this long without a need for the higher one."),
        r.live(
            "damping.conditionWording",
            duration(Duration.ZERO, Duration.ofHours(1)),
            d.conditionWording(),
            "The message of a False condition changes at most this often."));
  }

  private static BrakeSettings brake(SettingsReader r) {
    BrakeSettings d = BrakeSettings.DEFAULT;
    return new BrakeSettings(
        r.live(
            "brake.maxWarmNodesLost",
            percentage(0, 100),
            d.mostPercent(),
            "The most of a policy's warm nodes that lose their mark at once before an operator"
                + " confirms it; one or two always may, and with 100% all."),
        r.live(
            "brake.window",
            duration(Duration.ofSeconds(1), Duration.ofDays(7)),
            d.window(),
            "How long a node that lost its mark and is not warm again counts for the brake."),
        r.live(
            "brake.settle",
            duration(Duration.ZERO, Duration.ofMinutes(10)),
            d.settle(),
            "How long a node waits before it loses its mark, so that the controller can count the"
                + " other nodes that would lose theirs."));
  }
}
