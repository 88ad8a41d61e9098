// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.CounterMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Metrics of tracing itself. */
public final class TraceMetrics {
  private volatile LongSupplier dropped = () -> 0;

  void register(CollectorRegistry registry) {
    registry.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            return new ArrayList<>(
                List.of(
                    new CounterMetricFamily(
                        "qos_trace_spans_dropped",
                        "Spans that were lost: the queue was full, or the collector did not accept them.",
                        dropped.getAsLong())));
          }
        });
  }

  /** Sets the source of the number of spans lost so far; called at each scrape. */
  public void dropped(LongSupplier spans) {
    dropped = spans;
  }
}
