// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.function.BooleanSupplier;

/** Metrics of the leader election. */
public final class ElectionMetrics {
  private final PullGauge master =
      new PullGauge(
          "leader_election_master_status",
          "Whether this process is the leader by the Lease of this name (1) or a standby (0).",
          "name");
  private final Histogram gap =
      Instruments.histogram(
          "qos_failover_gap_seconds",
          "Time without a leader before this process: from the last renewal or the release of"
              + " the Lease, by the clock of the previous holder, to the start of this term, by"
              + " the clock of this process.",
          Buckets.FAILOVER);

  private final Counter stepDowns =
      Instruments.counter(
          "qos_step_downs_total",
          "Times that this process gave up leadership without progress of its work, by cause.",
          "cause");

  void register(CollectorRegistry registry) {
    master.register(registry);
    gap.register(registry);
    stepDowns.register(registry);
  }

  /** Sets the source: whether this process leads by the Lease of this name. */
  public void leading(String lease, BooleanSupplier leads) {
    master.add(() -> leads.getAsBoolean() ? 1 : 0, lease);
  }

  /** This process took over after this time without a leader. */
  public void tookOver(double gapSeconds) {
    gap.observe(gapSeconds);
  }

  /** This cause can occur: its series starts at zero, without which an increase goes unseen. */
  public void mayStepDown(String cause) {
    stepDowns.labels(cause);
  }

  /**
   * This process gives up leadership.
   *
   * @param cause one of a few fixed words
   */
  public void steppedDown(String cause) {
    stepDowns.labels(cause).inc();
  }
}
