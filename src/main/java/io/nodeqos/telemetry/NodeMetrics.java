// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Histogram;
import java.util.Collection;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Metrics of the fleet. What is given as a supplier is asked for at each scrape. */
public final class NodeMetrics {
  private final LabelledGauge phases =
      new LabelledGauge("qos_nodes", "Nodes by phase of their warm-up.", "phase");
  private final LabelledGauge versions =
      new LabelledGauge("qos_config_info", "Configuration versions in effect.", "version");
  private final PullGauge oldestWaiting =
      new PullGauge(
          "qos_oldest_waiting_seconds", "For how long the oldest waiting node has been waiting.");
  private final Histogram warmUp =
      Histogram.build("qos_warmup_duration_seconds", "From first sight of a node to its mark.")
          .buckets(Buckets.WARM_UP)
          .create();

  void register(CollectorRegistry registry) {
    phases.register(registry);
    versions.register(registry);
    oldestWaiting.register(registry);
    warmUp.register(registry);
  }

  /** Where to get the number of nodes by phase. Suppliers are called by scraping threads. */
  public void phases(Supplier<? extends Map<String, ? extends Number>> nodesByPhase) {
    phases.source(nodesByPhase);
  }

  /** Where to get the versions in effect; keep them few, each is a series. */
  public void configVersions(Supplier<? extends Collection<String>> inEffect) {
    versions.source(
        () -> inEffect.get().stream().distinct().collect(Collectors.toMap(v -> v, v -> 1)));
  }

  /** Where to get the age, in seconds, of the oldest waiting node (0 if none waits). */
  public void oldestWaiting(DoubleSupplier seconds) {
    oldestWaiting.add(seconds);
  }

  /** A node became warm after this long. */
  public void warmedUp(double seconds) {
    warmUp.observe(seconds);
  }
}
