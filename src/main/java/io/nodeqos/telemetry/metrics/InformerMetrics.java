// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.function.DoubleSupplier;

/** Metrics of the informers. Several informers may share a resource (pods of two namespaces). */
public final class InformerMetrics {
  private final PullGauge lastEvent =
      new PullGauge(
          "informer_last_event_age_seconds",
          "Time since the last event or bookmark; of several informers the longest.",
          "resource");
  private final Counter relists =
      Instruments.counter("informer_relists_total", "Full lists after the first.", "resource");

  void register(CollectorRegistry registry) {
    lastEvent.register(registry);
    relists.register(registry);
  }

  /** Watches one informer; {@code ageSeconds} is asked for at each scrape. */
  public void watch(String resource, DoubleSupplier ageSeconds) {
    relists.labels(resource);
    lastEvent.add(ageSeconds, resource);
  }

  /** Removes a supplier of {@link #watch}. */
  public void unwatch(String resource, DoubleSupplier ageSeconds) {
    lastEvent.remove(ageSeconds, resource);
  }

  /** An informer relisted. */
  public void relisted(String resource) {
    relists.labels(resource).inc();
  }
}
