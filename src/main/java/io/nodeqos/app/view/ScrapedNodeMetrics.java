// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.FleetIndex.WaitingNode;
import io.nodeqos.reconcile.images.PullSlots;
import io.nodeqos.telemetry.metrics.NodeMetrics;
import io.nodeqos.telemetry.metrics.NodeMetrics.Waiting;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The metrics of nodes that are read at each scrape: never stale, no cost in between. */
public final class ScrapedNodeMetrics {
  private final ClusterView cluster;
  private final FleetIndex fleet;
  private final PullSlots slots;
  private final TimeSource time;

  public ScrapedNodeMetrics(
      ClusterView cluster, FleetIndex fleet, PullSlots slots, TimeSource time) {
    this.cluster = cluster;
    this.fleet = fleet;
    this.slots = slots;
    this.time = time;
  }

  public void connect(NodeMetrics metrics) {
    metrics.fleet(cluster::nodeCount);
    metrics.phases(this::byPhase);
    metrics.frozen(this::frozenByPhase);
    metrics.waiting(this::waitingByReason);
    metrics.orphanTaints(fleet::orphanTaints);
    metrics.oldestWaiting(this::oldestWaiting);
    metrics.configVersions(fleet::configVersions);
    metrics.imagePulls(() -> Map.of("pulling", slots.pulling(), "waiting", slots.waiting()));
  }

  private Map<String, Integer> byPhase() {
    return fleet.phases().entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().label(), Map.Entry::getValue));
  }

  /** Every phase has a series: an alert subtracts one from the other. */
  private Map<String, Integer> frozenByPhase() {
    Map<String, Integer> counts = new TreeMap<>();
    for (NodePhase phase : NodePhase.values()) {
      counts.put(phase.label(), 0);
    }
    fleet
        .frozen()
        .values()
        .forEach(
            nodes -> nodes.forEach((phase, n) -> counts.merge(phase.label(), n, Integer::sum)));
    return counts;
  }

  /** Every reason except that of warm nodes has a series, so that no series comes and goes. */
  private Map<String, Integer> waitingByReason() {
    Map<String, Integer> counts = new TreeMap<>();
    for (Reason reason : Reason.values()) {
      if (reason != Reason.WARMED_UP) {
        counts.put(reason.code(), 0);
      }
    }
    for (Freeze.Cause cause : Freeze.Cause.values()) {
      counts.put(cause.code(), 0);
    }
    fleet.waiting(Integer.MAX_VALUE).forEach(n -> counts.merge(n.reason(), 1, Integer::sum));
    return counts;
  }

  /** Not a node that waits for an operator: it would hide the nodes that wait unnoticed. */
  private Optional<Waiting> oldestWaiting() {
    return fleet.waiting(Integer.MAX_VALUE).stream()
        .filter(node -> !node.frozen())
        .findFirst()
        .map(this::waiting);
  }

  private Waiting waiting(WaitingNode node) {
    Duration waited = Duration.between(node.since(), time.steadyTime());
    return new Waiting(node.node(), node.reason(), Math.max(0, waited.toMillis() / 1000.0));
  }
}
