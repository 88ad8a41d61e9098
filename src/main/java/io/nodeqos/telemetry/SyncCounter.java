// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** {@code qos_sync_total}: by node as long as there are few, and without nodes that are gone. */
final class SyncCounter extends Collector {
  private static final List<String> LABELS = List.of("node", "namespace", "result");

  private final MetricsSettings.PerNode perNode;
  private final Map<String, Map<List<String>, LongAdder>> byNode = new ConcurrentHashMap<>();
  private volatile boolean tooMany;

  SyncCounter(MetricsSettings.PerNode perNode) {
    this.perNode = perNode;
  }

  void count(String node, String namespace, String result) {
    String name = namesNodes() ? node : "";
    byNode
        .computeIfAbsent(name, n -> new ConcurrentHashMap<>())
        .computeIfAbsent(List.of(name, namespace, result), labels -> new LongAdder())
        .increment();
  }

  void fleetSize(int nodes) {
    if (perNode == MetricsSettings.PerNode.AUTO && nodes > MetricsSettings.AUTO_LIMIT && !tooMany) {
      tooMany = true;
      byNode.clear();
    }
  }

  void forgetNode(String node) {
    if (!node.isEmpty()) {
      byNode.remove(node);
    }
  }

  private boolean namesNodes() {
    return switch (perNode) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> !tooMany;
    };
  }

  @Override
  public List<MetricFamilySamples> collect() {
    CounterMetricFamily family =
        new CounterMetricFamily("qos_sync_total", "Reconciles of a node, by their result.", LABELS);
    byNode
        .values()
        .forEach(series -> series.forEach((labels, n) -> family.addMetric(labels, n.sum())));
    return new ArrayList<>(List.of(family));
  }
}
