// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A gauge with one label whose series come and go: all of them are read at each scrape. */
final class LabelledGauge extends Collector {
  private final String name;
  private final String help;
  private final String label;
  private volatile Supplier<? extends Map<String, ? extends Number>> source = Map::of;

  LabelledGauge(String name, String help, String label) {
    this.name = name;
    this.help = help;
    this.label = label;
  }

  void source(Supplier<? extends Map<String, ? extends Number>> values) {
    this.source = values;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily family = new GaugeMetricFamily(name, help, List.of(label));
    source.get().forEach((value, n) -> family.addMetric(List.of(value), n.doubleValue()));
    return new ArrayList<>(List.of(family));
  }
}
