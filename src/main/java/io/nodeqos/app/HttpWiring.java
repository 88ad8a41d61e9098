// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.app.leader.LeaderWatchdog;
import io.nodeqos.app.view.EventsView;
import io.nodeqos.app.view.ExplainView;
import io.nodeqos.app.view.FleetSnapshot;
import io.nodeqos.app.view.HistoryView;
import io.nodeqos.app.view.LiveChecks;
import io.nodeqos.app.view.LiveExplainer;
import io.nodeqos.app.view.LiveFleet;
import io.nodeqos.app.view.LivePlanner;
import io.nodeqos.app.view.NodeDetailView;
import io.nodeqos.app.view.PlanView;
import io.nodeqos.app.view.ReadyChecks;
import io.nodeqos.app.view.ScrapedNodeMetrics;
import io.nodeqos.app.view.ScrapedPolicyMetrics;
import io.nodeqos.app.view.ScrapedRolloutMetrics;
import io.nodeqos.app.view.ScrapedStallMetrics;
import io.nodeqos.app.view.SnapshotView;
import io.nodeqos.explain.BlockingPods;
import io.nodeqos.explain.FleetExplainer;
import io.nodeqos.explain.NodeExplainer;
import io.nodeqos.http.Endpoint;
import io.nodeqos.http.MetricsEndpoint;
import io.nodeqos.kube.snapshot.PodStatusClient;
import io.nodeqos.qos.WorkerStatus;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.reconcile.node.NodeInspector;
import io.nodeqos.reconcile.node.NodeObserver;
import io.nodeqos.telemetry.metrics.ElectionMetrics;
import io.nodeqos.telemetry.metrics.EventMetrics;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Probes, metrics and views. */
final class HttpWiring {
  /** An explanation without them is better than none. */
  private static final Duration POD_TIMEOUT = Duration.ofSeconds(2);

  private static final int BLOCKING_PODS = 3;

  final HttpListeners listeners;

  private final BaseWiring base;
  private final ReconcileWiring reconcile;
  private final EventWiring events;
  private final NodeInspector inspector;

  HttpWiring(
      BaseWiring base,
      ReconcileWiring reconcile,
      NodeWiring nodes,
      Duration noProgressLimit,
      BooleanSupplier running) {
    this.base = base;
    this.reconcile = reconcile;
    events = reconcile.events;
    inspector = inspector();
    LiveChecks live = new LiveChecks(base.cluster.health(), nodes.pool, base.leadership, running);
    ReadyChecks ready =
        new ReadyChecks(
            base.cluster.health(),
            base.leadership,
            base.leaseRefusals,
            reconcile::stall,
            noProgressLimit,
            running);
    listeners =
        new HttpListeners(
            base.settings.get().http(),
            Map.of(
                "/livez",
                live.checks(),
                "/readyz",
                ready.checks(),
                "/metrics",
                new MetricsEndpoint(base.metrics)),
            Map.of(
                "/snapshot",
                snapshot(),
                "/explain",
                explain(),
                "/plan",
                plan(),
                "/events",
                events(),
                "/history",
                history()));
  }

  private Endpoint snapshot() {
    SnapshotView all =
        new SnapshotView(
            base.leadership,
            base.cluster::synced,
            reconcile.workers,
            reconcile.nodeQueue,
            events.recent,
            new FleetSnapshot(reconcile.fleet, reconcile.policies, reconcile.brake, base.time));
    NodeDetailView one =
        new NodeDetailView(inspector, reconcile.nodeQueue::state, events.history, base.time);
    return request -> request.query().isEmpty() ? all.answer(request) : one.answer(request);
  }

  private NodeInspector inspector() {
    return new NodeInspector(
        base.cluster,
        new NodeObserver(
            base.cluster, reconcile.policies, reconcile.fleet, reconcile.pullers, base.time),
        reconcile.fleet,
        reconcile.nodeWrites,
        base.time,
        reconcile.gates());
  }

  private Endpoint explain() {
    PodStatusClient pods = new PodStatusClient(base.clients.read(POD_TIMEOUT), base.time);
    LiveFleet fleet = new LiveFleet(base.cluster, reconcile.fleet);
    return new ExplainView(
        new LiveExplainer(
            inspector,
            reconcile.policies,
            new BlockingPods(pods, BLOCKING_PODS),
            events.history,
            new NodeExplainer(fleet, base.identity.namespace()),
            new FleetExplainer(fleet, base.time)),
        base.cluster::synced);
  }

  private Endpoint plan() {
    LivePlanner live =
        new LivePlanner(
            reconcile.policies,
            reconcile.dryRuns::planner,
            new SpinnerSpecs(base.settings.get().spinner(), base.identity.namespace()),
            this::settings,
            () -> base.settings.get().kube().writeRate().perSecond(),
            base.time);
    return new PlanView(live, base.cluster::synced);
  }

  private ReconcileSettings settings() {
    return base.settings.get().reconcile();
  }

  private Endpoint events() {
    String process = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    EventMetrics metrics = base.metrics.events();
    return new EventsView(
        events.feed, process, base.time, n -> metrics.dropped(EventWiring.STREAM, n));
  }

  private Endpoint history() {
    return new HistoryView(events.history, base.time);
  }

  /** Gives the metrics whose values are read at each scrape their sources. */
  void connectMetrics() {
    ElectionMetrics election = base.metrics.election();
    election.leading(base.settings.get().election().leaseName(), base::leading);
    for (LeaderWatchdog.Cause cause : LeaderWatchdog.Cause.values()) {
      election.mayStepDown(cause.label());
    }
    base.metrics.qosWorkers().health(this::workerHealth);
    new ScrapedNodeMetrics(base.cluster, reconcile.fleet, reconcile.slots, base.time)
        .connect(base.metrics.nodes());
    new ScrapedStallMetrics(reconcile.damping, reconcile::stall, base::leading, base.time)
        .connect(base.metrics.nodes());
    new ScrapedPolicyMetrics(reconcile.policies, reconcile.fleet, reconcile.brake)
        .connect(base.metrics.policies());
    new ScrapedRolloutMetrics(reconcile.policies, base::leading, base.time)
        .connect(base.metrics.rollouts());
  }

  private Map<String, Boolean> workerHealth() {
    return reconcile.workers.status().stream()
        .collect(Collectors.toMap(WorkerStatus::name, WorkerStatus::healthy));
  }
}
