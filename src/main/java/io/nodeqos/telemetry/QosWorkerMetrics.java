// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** Metrics of the QoS workers (quota, images, reservation and foreign ones). */
public final class QosWorkerMetrics {
  private final Gauge status =
      Gauge.build("qos_worker_status", "Whether a QoS worker is healthy: 1, else 0.")
          .labelNames("worker")
          .create();
  private final Histogram duration =
      Histogram.build("qos_worker_duration_seconds", "How long a QoS worker took for one node.")
          .labelNames("worker", "result")
          .buckets(Buckets.CALL)
          .create();

  void register(CollectorRegistry registry) {
    status.register(registry);
    duration.register(registry);
  }

  /** Whether a worker is healthy now. */
  public void status(String worker, boolean healthy) {
    status.labels(worker).set(healthy ? 1 : 0);
  }

  /**
   * A worker contributed to the plan of one node.
   *
   * @param result one of a few fixed words
   */
  public void worked(String worker, String result, long nanos) {
    duration.labels(worker, result).observe(nanos / 1e9);
  }
}
