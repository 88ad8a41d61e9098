// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.nodeqos.telemetry.metrics.NodeMetrics.Waiting;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code qos_oldest_waiting_seconds}: names a node and is one series all the same. */
final class OldestWaiting extends Collector {
  private static final Waiting NONE = new Waiting("", "", 0);

  private volatile Supplier<Optional<Waiting>> source = Optional::empty;

  void source(Supplier<Optional<Waiting>> oldest) {
    this.source = oldest;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "qos_oldest_waiting_seconds",
            "Time that the longest waiting node has been waiting; 0 and no node name when none"
                + " waits.",
            List.of("node", "reason"));
    Waiting oldest = source.get().orElse(NONE);
    family.addMetric(List.of(oldest.node(), oldest.reason()), oldest.seconds());
    return new ArrayList<>(List.of(family));
  }
}
