// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Histogram;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Metrics of the fleet. What is given as a supplier is asked for at each scrape. */
public final class NodeMetrics {
  private final PullGauge fleet =
      new PullGauge("qos_fleet_nodes", "Nodes that the cluster has, by the cache.");
  private final LabelledGauge phases =
      new LabelledGauge("qos_nodes", "Nodes by phase of their warm-up.", "phase");
  private final LabelledGauge frozen =
      new LabelledGauge(
          "qos_frozen_nodes",
          "Nodes that are kept as they are, by the phase of what they carry.",
          "phase");
  private final LabelledGauge waiting =
      new LabelledGauge(
          "qos_waiting_nodes",
          "Nodes that wait for their gates, by the reason told first.",
          "reason");
  private final PullGauge orphanTaints =
      new PullGauge("qos_orphan_startup_taints", "Startup taints that no policy will take off.");
  private final PullGauge damped =
      new PullGauge(
          "qos_damped_nodes",
          "Nodes that are written more and more seldom, as the same was written again and again.");
  private final OldestWaiting oldestWaiting = new OldestWaiting();
  private final PullGauge undecided =
      new PullGauge(
          "qos_undecided_seconds",
          "For how long all reconciles have ended without a decision while nodes wait; 0 normally.");
  private final ConfigVersions versions = new ConfigVersions();
  private final LabelledGauge pulls =
      new LabelledGauge(
          "qos_image_pulls",
          "Nodes on which images are pulled, and nodes that wait for that; 0 on a standby.",
          "state");
  private final Histogram warmUp =
      Instruments.tracedHistogram(
          "qos_warmup_duration_seconds",
          "From the begin of a node's warm-up to its mark.",
          Buckets.WARM_UP);
  private final Histogram warmUpConflicts =
      Instruments.histogram(
          "qos_warmup_conflicts",
          "Writes of one warm-up that met a changed node (409), by this process.",
          Buckets.TIMES);
  private final Histogram warmUpRetries =
      Instruments.histogram(
          "qos_warmup_retries",
          "Writes of one warm-up that had to be tried again, for conflicts and all other causes, by"
              + " this process.",
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

  /** Where to get the number of nodes in the cluster. Suppliers are called by scraping threads. */
  public void fleet(DoubleSupplier nodes) {
    fleet.add(nodes);
  }

  /** Where to get the number of nodes by phase. */
  public void phases(Supplier<? extends Map<String, ? extends Number>> nodesByPhase) {
    phases.source(nodesByPhase);
  }

  /** Where to get the number of nodes that are kept as they are, by phase. */
  public void frozen(Supplier<? extends Map<String, ? extends Number>> nodesByPhase) {
    frozen.source(nodesByPhase);
  }

  /** Where to get the number of waiting nodes by reason; reasons are a few fixed words. */
  public void waiting(Supplier<? extends Map<String, ? extends Number>> nodesByReason) {
    waiting.source(nodesByReason);
  }

  /** Where to get the number of startup taints that no policy will take off. */
  public void orphanTaints(DoubleSupplier taints) {
    orphanTaints.add(taints);
  }

  /** Where to get the number of nodes whose writes are damped. */
  public void damped(DoubleSupplier nodes) {
    damped.add(nodes);
  }

  /** Where to get the node that has been waiting the longest. */
  public void oldestWaiting(Supplier<Optional<Waiting>> oldest) {
    oldestWaiting.source(oldest);
  }

  /** Where to get for how long no reconcile has come to a decision while nodes wait. */
  public void undecided(DoubleSupplier seconds) {
    undecided.add(seconds);
  }

  /** A node that waits, for what and for how long. */
  public record Waiting(String node, String reason, double seconds) {}

  /** Where to get the configuration versions in effect, and how many nodes carry each. */
  public void configVersions(Supplier<? extends Map<String, Integer>> nodesByVersion) {
    versions.source(nodesByVersion);
  }

  /** Where to get the number of nodes by {@code pulling} and {@code waiting}. */
  public void imagePulls(Supplier<? extends Map<String, ? extends Number>> nodesByState) {
    pulls.source(nodesByState);
  }

  /** A node became warm after this long. May make an exemplar of the current span. */
  public void warmedUp(double seconds) {
    warmUp.observe(seconds);
  }

  /**
   * What it took to write what a node that has become warm carries.
   *
   * @param conflicts writes that met a changed node
   * @param retries writes that were tried again, for conflicts as well
   */
  public void warmUpWrites(int conflicts, int retries) {
    warmUpConflicts.observe(conflicts);
    warmUpRetries.observe(retries);
  }
}
