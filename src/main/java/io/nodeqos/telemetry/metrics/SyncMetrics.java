// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/** Metrics of reconciling nodes. Safe for use by many threads. */
public final class SyncMetrics {
  private final SyncCounter syncs;
  private final Histogram duration =
      Instruments.tracedHistogram(
          "qos_sync_duration_seconds", "Duration of a reconcile of a node.", Buckets.SYNC);
  private final Counter conflicts =
      Instruments.counter(
          "qos_conflicts_total",
          "Writes to nodes that were refused because the node had changed (409).");
  private final Counter conflictRetries =
      Instruments.counter(
          "qos_conflict_retries_total",
          "Reconciles that were repeated at once, on a fresh read, after a conflict.");

  SyncMetrics(MetricsSettings settings) {
    this.syncs = new SyncCounter(settings.perNode());
  }

  void register(CollectorRegistry registry) {
    syncs.register(registry);
    duration.register(registry);
    conflicts.register(registry);
    conflictRetries.register(registry);
  }

  /**
   * A node was reconciled. To be called while the span of the reconcile is the current one, as an
   * exemplar may be made of it.
   *
   * @param namespace namespace of the pod whose event triggered it, else empty
   * @param result one of a few fixed words
   */
  public void synced(String node, String namespace, String result, long nanos) {
    syncs.count(node, namespace, result);
    duration.observe(nanos / 1e9);
  }

  /** A write was answered with 409. */
  public void conflict() {
    conflicts.inc();
  }

  /** A write is retried at once after a 409. */
  public void conflictRetry() {
    conflictRetries.inc();
  }

  /** How many nodes there are now; decides whether series carry the node ({@code auto}). */
  public void fleetSize(int nodes) {
    syncs.fleetSize(nodes);
  }

  /** Ends the series of a node that was deleted. */
  public void forgetNode(String node) {
    syncs.forgetNode(node);
  }
}
