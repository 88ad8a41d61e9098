// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** Metrics of the leader election. */
public final class ElectionMetrics {
  private final Gauge master =
      Gauge.build("leader_election_master_status", "Whether this process leads: 1, else 0.")
          .labelNames("name")
          .create();
  private final Histogram gap =
      Histogram.build("qos_failover_gap_seconds", "For how long nobody led before this process.")
          .buckets(Buckets.FAILOVER)
          .create();

  void register(CollectorRegistry registry) {
    master.register(registry);
    gap.register(registry);
  }

  /** Whether this process leads by the Lease of this name. */
  public void leading(String lease, boolean leads) {
    master.labels(lease).set(leads ? 1 : 0);
  }

  /** This process took over after nobody had led for this long. */
  public void tookOver(double gapSeconds) {
    gap.observe(gapSeconds);
  }
}
