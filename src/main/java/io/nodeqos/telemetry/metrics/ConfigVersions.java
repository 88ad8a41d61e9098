// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Supplier;

/**
 * The configuration versions in effect: the most frequent ones by name, the others counted
 * together, as a large fleet can have a version for each kind of node.
 */
final class ConfigVersions extends Collector {
  /** Versions with a series of their own. */
  static final int MAX = 10;

  private static final List<String> LABEL = List.of("version");

  private volatile Supplier<? extends Map<String, Integer>> source = Map::of;

  void source(Supplier<? extends Map<String, Integer>> nodesByVersion) {
    this.source = nodesByVersion;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily info =
        new GaugeMetricFamily(
            "qos_config_info",
            "Always 1: a configuration version that nodes carry; the "
                + MAX
                + " with the most nodes.",
            LABEL);
    GaugeMetricFamily nodes =
        new GaugeMetricFamily(
            "qos_config_nodes",
            "Nodes that carry a configuration version; \"other\" counts the versions that"
                + " qos_config_info does not name.",
            LABEL);
    Map<String, Integer> all = source.get();
    List<Entry<String, Integer>> byNodes =
        all.entrySet().stream()
            .sorted(
                Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Entry.comparingByKey()))
            .toList();
    for (Entry<String, Integer> version : byNodes.subList(0, Math.min(MAX, byNodes.size()))) {
      info.addMetric(List.of(version.getKey()), 1);
      nodes.addMetric(List.of(version.getKey()), version.getValue());
    }
    nodes.addMetric(List.of("other"), byNodes.stream().skip(MAX).mapToInt(Entry::getValue).sum());
    GaugeMetricFamily versions =
        new GaugeMetricFamily(
            "qos_config_versions", "Configuration versions that nodes carry.", all.size());
    return List.of(info, nodes, versions);
  }
}
