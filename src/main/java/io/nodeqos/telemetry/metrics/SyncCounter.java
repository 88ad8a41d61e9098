// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code qos_sync_total}: by node as long as there are few, and without nodes that are gone; by
 * namespace for the first few that are seen.
 */
final class SyncCounter extends Collector {
  /** Namespaces with a name of their own; the others share {@value #OTHER}. */
  static final int MAX_NAMESPACES = 4;

  static final String OTHER = "other";

  private static final List<String> LABELS = List.of("node", "namespace", "result");

  private final MetricsSettings.PerNode perNode;
  private final Map<String, Map<Kind, LongAdder>> byNode = new ConcurrentHashMap<>();
  private final Set<String> namespaces = ConcurrentHashMap.newKeySet();
  private volatile boolean tooMany;

  private record Kind(String namespace, String result) {}

  SyncCounter(MetricsSettings.PerNode perNode) {
    this.perNode = perNode;
  }

  void count(String node, String namespace, String result) {
    byNode
        .computeIfAbsent(namesNodes() ? node : "", n -> new ConcurrentHashMap<>())
        .computeIfAbsent(new Kind(shown(namespace), result), kind -> new LongAdder())
        .increment();
  }

  private String shown(String namespace) {
    if (namespace.isEmpty() || namespaces.contains(namespace)) {
      return namespace;
    }
    synchronized (namespaces) {
      if (namespaces.size() < MAX_NAMESPACES) {
        namespaces.add(namespace);
        return namespace;
      }
    }
    return OTHER;
  }

  void fleetSize(int nodes) {
    if (perNode == MetricsSettings.PerNode.AUTO && nodes > MetricsSettings.AUTO_LIMIT && !tooMany) {
      tooMany = true;
      dropNamed();
    }
  }

  void forgetNode(String node) {
    if (!node.isEmpty()) {
      byNode.remove(node);
    }
  }

  private void dropNamed() {
    byNode.keySet().removeIf(node -> !node.isEmpty());
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
    if (!namesNodes()) {
      // A node that was being counted when the limit was exceeded.
      dropNamed();
    }
    CounterMetricFamily family =
        new CounterMetricFamily(
            "qos_sync_total",
            "Reconciles of a node by result; namespace is that of the pod whose event triggered"
                + " it, else empty.",
            LABELS);
    byNode.forEach(
        (node, series) ->
            series.forEach(
                (kind, n) ->
                    family.addMetric(List.of(node, kind.namespace, kind.result), n.sum())));
    return new ArrayList<>(List.of(family));
  }
}
