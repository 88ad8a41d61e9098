// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.app.leader.ControllerSigns;
import io.nodeqos.app.leader.EndedMoves;
import io.nodeqos.app.leader.FailoverGap;
import io.nodeqos.app.leader.FirstWork;
import io.nodeqos.app.leader.HandOver;
import io.nodeqos.app.leader.LeaderReport;
import io.nodeqos.app.leader.LeaderWatchdog;
import io.nodeqos.app.leader.LostLeaseWatch;
import io.nodeqos.app.leader.StepDown;
import io.nodeqos.app.memory.IdleCollection;
import io.nodeqos.history.HistoryStore;
import io.nodeqos.kube.client.CrdCheck;
import io.nodeqos.kube.write.FenceCheck;
import io.nodeqos.kube.write.WriteConnection;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.routing.ClusterListeners;
import io.nodeqos.time.Pauses;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: the last of the wirings, with the list of all components. Wirings have a
 * field for each service and are handed to no other class; each service gets only its own
 * collaborators.
 */
final class Wiring {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private static final Duration WATCHDOG_PERIOD = Duration.ofSeconds(1);
  private static final Duration SETTINGS_PERIOD = Duration.ofSeconds(5);
  private static final Duration IDLE_PERIOD = Duration.ofSeconds(10);
  private static final Duration CRD_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration NO_PROGRESS_LIMIT = Duration.ofSeconds(30);

  private final BaseWiring base;
  private final ReconcileWiring reconcile;
  private final EventWiring events;
  private final NodeWiring nodes;
  private final HttpWiring http;
  private final HandOver handOver;
  private final Ticker watchdog;
  private final SettingsWatch settingsWatch;
  private final Ticker settingsTicker;
  private final Ticker idleTicker;
  private final WriteConnection writeConnection;
  private final CrdCheck crdCheck;
  private final FenceCheck fenceCheck;
  private final RunState state;

  Wiring(BaseWiring base, RunState state) {
    this.base = base;
    this.state = state;
    reconcile = new ReconcileWiring(base);
    events = reconcile.events;
    nodes = new NodeWiring(base, reconcile);
    http = new HttpWiring(base, reconcile, nodes, NO_PROGRESS_LIMIT, state::isRunning);
    handOver =
        new HandOver(
            base.leadership,
            List.of(
                nodes.pool,
                reconcile.policyPool,
                reconcile.spinnerPool,
                reconcile.revisionPool,
                reconcile.rolloutPool),
            reconcile.fanOutPool,
            events.recorder,
            base.writes.unanswered(),
            Pauses.system());
    writeConnection = base.writes.connection();
    crdCheck = new CrdCheck(base.clients.lease(CRD_TIMEOUT));
    fenceCheck =
        base.writes.fenceCheck(
            base.cluster::nodeNames,
            base.identity.namespace() + "/" + base.settings.get().election().leaseName());
    watchdog =
        new Ticker(
            "leader-watchdog", WATCHDOG_PERIOD, leaderWatchdog()::check, lostLeaseWatch()::check);
    settingsWatch = new SettingsWatch(base.settings, base.metrics.settings());
    settingsTicker = new Ticker("settings", SETTINGS_PERIOD, settingsWatch::look);
    idleTicker = new Ticker("idle-collection", IDLE_PERIOD, IdleCollection.ofJvm(base.time)::look);
  }

  /** All components, in the order of the start; the stop goes in the reverse order. */
  List<Component> components() {
    return List.of(
        Component.stopOnly("traces", base.tracing::close),
        Component.startOnly("metrics", http::connectMetrics),
        Component.of("http", http.listeners::start, http.listeners::stop),
        Component.of("event bus", events::startBus, events::stopBus),
        Component.of("history", events::startHistory, events::stopHistory),
        Component.of("Kubernetes Events", events::startRecorder, handOver::flushEvents),
        Component.of("QoS workers", reconcile.workers::start, reconcile.workers::stop),
        Component.of("caches", this::startCaches, base.cluster::close),
        Component.startOnly("filled caches", filledCaches()::await),
        Component.startOnly("fleet of the filled caches", this::takeFleet),
        Component.of("write connection", writeConnection::start, writeConnection::close),
        Component.stopOnly("fence check", fenceCheck::close),
        // One component: the Lease is released after the last write of the worker pools.
        Component.of("worker pools and leadership", this::startLeadership, handOver::run),
        Component.of("leader watchdog", watchdog::start, watchdog::stop),
        Component.of("settings", this::followSettings, settingsTicker::stop),
        Component.of("idle collection", idleTicker::start, idleTicker::stop),
        Component.startOnly("readiness", this::ready),
        Component.startOnly("CRD check", crdCheck::start));
  }

  /** The history comes last: no other listener depends on it. */
  private void startCaches() {
    Stream<ClusterListener> history = events.history.stream().map(HistoryListener::new);
    base.cluster.start(
        new ClusterListeners(Stream.concat(reconcile.routers.stream(), history).toList()));
  }

  private FilledCaches filledCaches() {
    return new FilledCaches(base.cluster, state::isStopAsked);
  }

  private void takeFleet() {
    events.history.ifPresent(HistoryStore::cachesFilled);
    base.metrics.sync().fleetSize(base.cluster.nodeCount());
  }

  private void startPools() {
    reconcile.fanOutPool.start();
    reconcile.policyPool.start();
    reconcile.spinnerPool.start();
    reconcile.revisionPool.start();
    reconcile.rolloutPool.start();
    nodes.pool.start();
  }

  private void startLeadership() {
    startPools();
    base.leadership.addListener(new EndedMoves(reconcile.policies.moves()));
    base.leadership.addListener(new FailoverGap(base.metrics.election(), base.time));
    base.leadership.addListener(new LeaderReport(reconcile.fleet, events.publisher));
    base.leadership.addListener(
        new FirstWork(
            reconcile.fanOut,
            reconcile.policies,
            base.cluster,
            reconcile.policyQueue,
            reconcile.spinnerQueue,
            List.of(reconcile.revisionQueue, reconcile.rolloutQueue)));
    if (base.clients.isOfPod()) {
      base.leadership.addListener(fenceCheck);
    }
    base.leadership.start();
  }

  private LeaderWatchdog leaderWatchdog() {
    return new LeaderWatchdog(
        new ControllerSigns(base.leadership, nodes.pool, base.cluster.health(), reconcile::stall),
        new StepDown(base.leadership, base.metrics.election()),
        NO_PROGRESS_LIMIT);
  }

  private LostLeaseWatch lostLeaseWatch() {
    return new LostLeaseWatch(
        base::leading,
        () -> reconcile.nodeQueue.stats().longestRunning(),
        base.settings.get().election().margin(),
        state::endOverdue,
        base.time);
  }

  private void followSettings() {
    new SettingsFollowers(
            base.writes,
            events.recorder,
            reconcile.resync,
            reconcile.policies,
            reconcile.policyQueue)
        .follow(base.settings);
    settingsWatch.measure();
    settingsTicker.start();
  }

  private void ready() {
    state.started();
    LOG.info("Ready: nodes={}", base.cluster.nodeCount());
    if (!base.leading()) {
      base.cluster.health().rehearse();
    }
  }
}
