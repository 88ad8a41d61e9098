// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Histogram;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Metrics of the fleet. Suppliers are called at each scrape. */
public final class NodeMetrics {
  private final PullGauge fleet =
      new PullGauge("qos_fleet_nodes", "Nodes of the cluster, by the cache.");
  private final LabelledGauge phases =
      new LabelledGauge("qos_nodes", "Nodes by phase of their warm-up.", "phase");
  private final LabelledGauge frozen =
      new LabelledGauge("qos_frozen_nodes", "Frozen nodes, by phase.", "phase");
  private final LabelledGauge waiting =
      new LabelledGauge(
          "qos_waiting_nodes", "Nodes that wait for their gates, by the first reason.", "reason");
  private final PullGauge orphanTaints =
      new PullGauge("qos_orphan_startup_taints", "Startup taints that no policy removes.");
  private final PullGauge damped =
      new PullGauge(
          "qos_damped_nodes", "Nodes with damped writes, as the same write was repeated.");
  private final OldestWaiting oldestWaiting = new OldestWaiting();
  private final PullGauge undecided =
      new PullGauge(
          "qos_undecided_seconds",
          "Time since the last reconcile with a decision while nodes wait; 0 normally.");
  private final ConfigVersions versions = new ConfigVersions();
  private final LabelledGauge pulls =
      new LabelledGauge(
          "qos_image_pulls",
          "Nodes that pull images, and nodes that wait for a slot; 0 on a standby.",
          "state");
  private final Histogram warmUp =
      Instruments.tracedHistogram(
          "qos_warmup_duration_seconds",
          "Time from the start of a node's warm-up to its mark.",
          Buckets.WARM_UP);
  private final Histogram warmUpConflicts =
      Instruments.histogram(
          "qos_warmup_conflicts",
          "Conflicting writes (409) of one warm-up, by this process.",
          Buckets.TIMES);
  private final Histogram warmUpRetries =
      Instruments.histogram(
          "qos_warmup_retries",
          "Retried writes of one warm-up, after conflicts and all other failures, by this process.",
          Buckets.TIMES);

  void register(CollectorRegistry registry) {
    fleet.register(registry);
    phases.register(registry);
    frozen.register(registry);
    waiting.register(registry);
    orphanTaints.register(registry);
    damped.register(registry);
    oldestWaiting.register(registry);
    undecided.register(registry);
    versions.register(registry);
    pulls.register(registry);
    warmUp.register(registry);
    warmUpConflicts.register(registry);
    warmUpRetries.register(registry);
  }

  /**
   * Sets the source of the number of nodes in the cluster. Threads of scrapes call the suppliers.
   */
  public void fleet(DoubleSupplier nodes) {
    fleet.add(nodes);
  }

  /** Sets the source of the number of nodes by phase. */
  public void phases(Supplier<? extends Map<String, ? extends Number>> nodesByPhase) {
    phases.source(nodesByPhase);
  }

  /** Sets the source of the number of frozen nodes, by phase. */
  public void frozen(Supplier<? extends Map<String, ? extends Number>> nodesByPhase) {
    frozen.source(nodesByPhase);
  }

  /** Sets the source of the number of waiting nodes by reason; reasons are a few fixed words. */
  public void waiting(Supplier<? extends Map<String, ? extends Number>> nodesByReason) {
    waiting.source(nodesByReason);
  }

  /** Sets the source of the number of startup taints that no policy removes. */
  public void orphanTaints(DoubleSupplier taints) {
    orphanTaints.add(taints);
  }

  /** Sets the source of the number of nodes with damped writes. */
  public void damped(DoubleSupplier nodes) {
    damped.add(nodes);
  }

  /** Sets the source of the node that has been waiting the longest. */
  public void oldestWaiting(Supplier<Optional<Waiting>> oldest) {
    oldestWaiting.source(oldest);
  }

  /** Sets the source of the time since the last decision while nodes wait. */
  public void undecided(DoubleSupplier seconds) {
    undecided.add(seconds);
  }

  /** A node that waits, with the reason and the time. */
  public record Waiting(String node, String reason, double seconds) {}

  /** Sets the source of the configuration versions in effect, with the number of nodes of each. */
  public void configVersions(Supplier<? extends Map<String, Integer>> nodesByVersion) {
    versions.source(nodesByVersion);
  }

  /** Sets the source of the number of nodes by {@code pulling} and {@code waiting}. */
  public void imagePulls(Supplier<? extends Map<String, ? extends Number>> nodesByState) {
    pulls.source(nodesByState);
  }

  /** A node became warm after this long. May make an exemplar of the current span. */
  public void warmedUp(double seconds) {
    warmUp.observe(seconds);
  }

  /**
   * The write attempts of a node that has become warm.
   *
   * @param conflicts writes that were refused because the node had changed
   * @param retries writes that were retried, after conflicts too
   */
  public void warmUpWrites(int conflicts, int retries) {
    warmUpConflicts.observe(conflicts);
    warmUpRetries.observe(retries);
  }
}
