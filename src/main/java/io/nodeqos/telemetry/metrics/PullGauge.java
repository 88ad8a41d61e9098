// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/**
 * A gauge whose value is read at each scrape, so that it is never stale. With several suppliers
 * under the same label values it shows the largest: for an age, the worst.
 */
final class PullGauge extends Collector {
  private final String name;
  private final String help;
  private final List<String> labels;
  private final Map<List<String>, List<DoubleSupplier>> sources = new ConcurrentHashMap<>();

  PullGauge(String name, String help, String... labels) {
    this.name = name;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** Adds a supplier, which must be safe to call from any thread and quick. */
  void add(DoubleSupplier value, String... labelValues) {
    List<String> key = List.of(labelValues);
    sources.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>()).add(value);
  }

  /** Removes one supplier; the series ends with its last one. */
  void remove(DoubleSupplier value, String... labelValues) {
    sources.computeIfPresent(
        List.of(labelValues),
        (k, suppliers) -> {
          suppliers.remove(value);
          return suppliers.isEmpty() ? null : suppliers;
        });
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily family = new GaugeMetricFamily(name, help, labels);
    sources.forEach(
        (key, suppliers) ->
            suppliers.stream()
                .mapToDouble(DoubleSupplier::getAsDouble)
                .max()
                .ifPresent(value -> family.addMetric(key, value)));
    return new ArrayList<>(List.of(family));
  }
}
