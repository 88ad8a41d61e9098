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
          "Whether this process leads by the Lease of this name (1) or stands by (0).",
          "name");
  private final Histogram gap =
      Instruments.histogram(
          "qos_failover_gap_seconds",
          "For how long nobody led before this process did: from when the holder before it last"
              + " renewed the Lease or gave it back, by that one's clock, to when this process"
              + " began to lead, by its own.",
          Buckets.FAILOVER);

  private final Counter stepDowns =
      Instruments.counter(
          "qos_step_downs_total",
          "How often this process gave leadership up as its work did not go on, by the cause.",
          "cause");

  void register(CollectorRegistry registry) {
    master.register(registry);
    gap.register(registry);
    stepDowns.register(registry);
  }

  /** Where to get whether this process leads by the Lease of this name. */
  public void leading(String lease, BooleanSupplier leads) {
    master.add(() -> leads.getAsBoolean() ? 1 : 0, lease);
  }

  /** This process took over after nobody had led for this long. */
  public void tookOver(double gapSeconds) {
    gap.observe(gapSeconds);
  }

  /** This cause can occur: its series begins at zero, without which an increase goes unseen. */
  public void mayStepDown(String cause) {
    stepDowns.labels(cause);
  }

  /**
   * This process leads and gives that up.
   *
   * @param cause one of a few fixed words
   */
  public void steppedDown(String cause) {
    stepDowns.labels(cause).inc();
  }
}
