// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import io.prometheus.client.exemplars.DefaultExemplarSampler;
import io.prometheus.client.exemplars.tracer.otel.OpenTelemetrySpanContextSupplier;

/**
 * Makes counters and histograms. By default the library looks for a current span at every event;
 * here only traced histograms do.
 */
final class Instruments {
  private Instruments() {}

  static Counter counter(String name, String help, String... labels) {
    return Counter.build(name, help).labelNames(labels).withoutExemplars().create();
  }

  static Histogram histogram(String name, String help, double[] buckets, String... labels) {
    return builder(name, help, buckets, labels).withoutExemplars().create();
  }

  /**
   * A histogram whose buckets carry trace_id and span_id of an observation that was made while a
   * sampled span was the current one, renewed every few seconds.
   */
  static Histogram tracedHistogram(String name, String help, double[] buckets, String... labels) {
    return builder(name, help, buckets, labels)
        .withExemplarSampler(new DefaultExemplarSampler(new OpenTelemetrySpanContextSupplier()))
        .create();
  }

  private static Histogram.Builder builder(
      String name, String help, double[] buckets, String... labels) {
    return Histogram.build(name, help).labelNames(labels).buckets(buckets);
  }
}
