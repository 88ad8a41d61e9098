// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.qos.WorkerStatus;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.fleet.FleetIndex.WaitingNode;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.NodeMetrics.Waiting;
import io.nodeqos.telemetry.metrics.WorkQueueMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Connects the metrics whose values are asked for at each scrape with the parts that know them:
 * they are never stale and cost nothing between two scrapes.
 */
final class ScrapedMetrics {
  private final Parts parts;
  private final Metrics metrics;

  ScrapedMetrics(Parts parts) {
    this.parts = parts;
    this.metrics = parts.metrics();
  }

  void connect(String leaseName) {
    metrics.election().leading(leaseName, () -> parts.leadership().status().leading());
    for (LeaderWatchdog.Cause cause : LeaderWatchdog.Cause.values()) {
      metrics.election().mayStepDown(cause.label());
    }
    metrics.qosWorkers().health(this::workerHealth);
    metrics.nodes().fleet(() -> parts.cluster().nodeNames().size());
    metrics.nodes().phases(this::nodesByPhase);
    metrics.nodes().frozen(this::frozenByPhase);
    metrics.nodes().waiting(this::waitingByReason);
    metrics.nodes().orphanTaints(() -> parts.fleet().orphanTaints());
    metrics.nodes().damped(this::dampedNodes);
    metrics.nodes().oldestWaiting(this::oldestWaiting);
    metrics.nodes().undecided(this::undecidedSeconds);
    metrics.nodes().configVersions(() -> parts.fleet().configVersions());
    metrics.policies().byValidity(this::policiesByValidity);
    metrics.policies().frozen(this::frozenByPolicy);
    metrics.policies().braked(() -> parts.work().brake().braked());
    WorkParts work = parts.work();
    metrics
        .nodes()
        .imagePulls(
            () ->
                Map.of(
                    "pulling", work.spinners().slots().pulling(),
                    "waiting", work.spinners().slots().waiting()));
    connect(metrics.workQueue("spinners"), work.spinners().queue(), work.spinners().pool());
    connect(metrics.workQueue("revisions"), work.revisions().queue(), work.revisions().pool());
    connect(metrics.workQueue("nodes"), work.queues().nodes(), work.nodes());
    connect(metrics.workQueue("policies"), work.queues().policies(), work.policies());
    connect(metrics.workQueue("fanout"), work.queues().fanOut(), work.fanOuts());
  }

  private static void connect(WorkQueueMetrics metrics, KeyedQueue queue, WorkerPool pool) {
    metrics.observe(queue::length, queue::unfinishedSeconds, queue::longestRunningSeconds);
    metrics.observeFailing(queue::oldestFailingSeconds);
    metrics.observeThreads(pool::threads, pool::busy);
  }

  private Map<String, Boolean> workerHealth() {
    return parts.workers().status().stream()
        .collect(Collectors.toMap(WorkerStatus::name, WorkerStatus::healthy));
  }

  private Map<String, Integer> policiesByValidity() {
    int invalid = parts.policies().invalid();
    return Map.of("true", parts.policies().names().size() - invalid, "false", invalid);
  }

  private Map<String, Integer> nodesByPhase() {
    return parts.fleet().phases().entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().label(), Map.Entry::getValue));
  }

  /** Every phase is there: an alert takes the one number from the other. */
  private Map<String, Integer> frozenByPhase() {
    Map<String, Integer> counts = new TreeMap<>();
    for (NodePhase phase : NodePhase.values()) {
      counts.put(phase.label(), 0);
    }
    parts
        .fleet()
        .frozen()
        .values()
        .forEach(
            nodes -> nodes.forEach((phase, n) -> counts.merge(phase.label(), n, Integer::sum)));
    return counts;
  }

  private Map<String, Integer> frozenByPolicy() {
    Map<String, Integer> counts = new TreeMap<>();
    parts
        .fleet()
        .frozen()
        .forEach(
            (freeze, nodes) -> {
              if (!freeze.policy().isEmpty()) {
                int all = nodes.values().stream().mapToInt(Integer::intValue).sum();
                counts.merge(freeze.policy(), all, Integer::sum);
              }
            });
    return counts;
  }

  /** Every reason but that of warm nodes is there, so that no series comes and goes. */
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
    parts
        .fleet()
        .waiting(Integer.MAX_VALUE)
        .forEach(n -> counts.merge(n.reason(), 1, Integer::sum));
    return counts;
  }

  /** None on a standby, which writes nothing. */
  private int dampedNodes() {
    return parts.leadership().status().leading() ? parts.fleet().damped(parts.time().nanos()) : 0;
  }

  private double undecidedSeconds() {
    return parts
        .fleet()
        .undecided()
        .stall(parts.fleet().size(), parts.time().nanos())
        .map(stall -> stall.lasting().toMillis() / 1000.0)
        .orElse(0.0);
  }

  /** Not one that a person keeps waiting: that one would hide those that nobody knows of. */
  private Optional<Waiting> oldestWaiting() {
    return parts.fleet().waiting(Integer.MAX_VALUE).stream()
        .filter(node -> !node.frozen())
        .findFirst()
        .map(this::waiting);
  }

  private Waiting waiting(WaitingNode node) {
    Duration waited = Duration.between(node.since(), parts.time().steadyTime());
    return new Waiting(node.node(), node.reason(), Math.max(0, waited.toMillis() / 1000.0));
  }
}
