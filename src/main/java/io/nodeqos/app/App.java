// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.config.PodIdentity;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.election.ReleaseResult;
import io.nodeqos.http.Endpoint;
import io.nodeqos.http.HttpEndpoints;
import io.nodeqos.http.MetricsEndpoint;
import io.nodeqos.http.Response;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.events.EventRecorder;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.fleet.Undecided;
import io.nodeqos.reconcile.node.NodeInspector;
import io.nodeqos.reconcile.routing.ClusterListeners;
import io.nodeqos.reconcile.routing.FanOut;
import io.nodeqos.telemetry.logging.Logging;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One controller process: starts HTTP (live, not ready), the caches, the workers, and then stands
 * for election; stops in the reverse order, the Lease after the last write and before the caches.
 */
public final class App {
  private static final Logger LOG = LoggerFactory.getLogger(App.class);

  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);
  private static final Duration RELEASE_LIMIT = Duration.ofSeconds(3);

  /** For Events, and for subscribers, that are behind when the process stops. */
  private static final Duration EVENT_LIMIT = Duration.ofMillis(500);

  /** Nobody leads in this time. */
  private static final Duration EVENT_FLUSH_LIMIT = Duration.ofMillis(100);

  private static final Duration SETTINGS_PERIOD = Duration.ofSeconds(5);
  private static final Duration PROGRESS_PERIOD = Duration.ofSeconds(10);
  private static final Duration NO_PROGRESS_LIMIT = Duration.ofSeconds(30);

  private final LiveSettings settings;
  private final Parts parts;
  private final StopStack stops = new StopStack();
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final Probes probes;
  private volatile boolean overdue;

  private App(LiveSettings settings, Parts parts) {
    this.settings = settings;
    this.parts = parts;
    this.probes = new Probes(parts, NO_PROGRESS_LIMIT);
  }

  /**
   * Builds a controller without starting it.
   *
   * @throws ClientConfigException when no usable API server is configured; the message is a
   *     sentence
   */
  public static App create(
      LiveSettings settings, KubeSettings kube, PodIdentity identity, String version)
      throws ClientConfigException {
    return new App(settings, Parts.of(settings, kube, identity, version));
  }

  /** Asks {@link #run} to stop. Returns at once; may be called from any thread, more than once. */
  public void stop() {
    stopAsked.countDown();
  }

  /**
   * Runs until {@link #stop} is called, and stops everything before it returns.
   *
   * @return false when this process lost the Lease and its work went on all the same: then nothing
   *     more is waited for
   * @throws IOException when an address cannot be listened on; the message is a sentence
   */
  public boolean run() throws IOException, InterruptedException {
    try {
      start();
      stopAsked.await();
      LOG.info("stopping");
      return !overdue;
    } finally {
      probes.started(false);
      if (!overdue) {
        stops.stop();
      }
      LOG.info("stopped");
    }
  }

  private void start() throws IOException, InterruptedException {
    stops.push("traces", parts.tracing()::close);
    new ScrapedMetrics(parts).connect(settings.get().election().leaseName());
    HttpEndpoints http = startHttp();
    stops.push("http", http::close);
    parts.events().bus().listen("recent", EventParts.BUFFER, parts.events().recent()::publish);
    parts.history().start();
    stops.push("events", () -> parts.history().stopBus(EVENT_LIMIT));
    stops.push("history", parts.history()::stopStore);
    parts.events().kubernetes().ifPresent(EventRecorder::start);
    stops.push("Kubernetes Events", this::flushEvents);
    parts.workers().start();
    stops.push("QoS workers", parts.workers()::stop);
    parts.cluster().start(new ClusterListeners(listeners()));
    stops.push("caches", parts.cluster()::close);
    if (!awaitSynced()) {
      return;
    }
    parts.history().cachesFilled();
    parts.metrics().sync().fleetSize(parts.cluster().nodeNames().size());
    parts.writeConnection().start();
    stops.push("write connection", parts.writeConnection()::close);
    parts.work().fanOuts().start();
    parts.work().policies().start();
    parts.work().spinners().pool().start();
    parts.work().revisions().pool().start();
    parts.work().nodes().start();
    parts.leadership().addListener(new FailoverGap(parts.metrics().election(), parts.time()));
    parts.leadership().addListener(new Terms());
    parts.leadership().start();
    stops.push("leadership and workers", this::stopLeading);
    startWatchdog();
    startSettingsWatch();
    probes.started(true);
    LOG.info("ready: {} nodes", parts.cluster().nodeNames().size());
  }

  /** The history comes last: it waits for nothing, and nothing waits for it. */
  private List<ClusterListener> listeners() {
    return Stream.concat(parts.work().listeners().stream(), parts.history().listener().stream())
        .toList();
  }

  private HttpEndpoints startHttp() throws IOException {
    return HttpEndpoints.start(
        settings.get().http(),
        Map.of(
            "/livez",
            probes.live(),
            "/readyz",
            probes.ready(),
            "/metrics",
            new MetricsEndpoint(parts.metrics())),
        views());
  }

  private Map<String, Endpoint> views() {
    Map<String, Endpoint> views = new HashMap<>(parts.history().endpoints());
    NodeDetailView detail =
        new NodeDetailView(
            new NodeInspector(
                parts.cluster(),
                parts.policies(),
                parts.fleet(),
                parts.time(),
                WorkParts.gates(settings)),
            parts.work().queues().nodes()::state,
            parts.history().store());
    views.put(
        "/snapshot",
        request ->
            request.query().isEmpty()
                ? Response.json(new SnapshotView(parts).json())
                : detail.answer(request));
    return views;
  }

  /** False when the stop was asked for first. */
  private boolean awaitSynced() throws InterruptedException {
    Deadline nextWord = Deadline.after(PROGRESS_PERIOD);
    while (!parts.cluster().awaitSynced(Duration.ofMillis(100))) {
      if (stopAsked.getCount() == 0) {
        return false;
      }
      if (nextWord.isOver()) {
        LOG.info("still waiting for {}", String.join(", ", parts.cluster().waitingFor()));
        nextWord = Deadline.after(PROGRESS_PERIOD);
      }
    }
    return true;
  }

  private void startWatchdog() {
    LeaderWatchdog watchdog =
        new LeaderWatchdog(
            new LeaderWatchdog.Signals(
                () -> parts.leadership().status().leading(),
                parts.work().nodes()::stalledFor,
                parts.cluster()::cutOffFor,
                parts.leadership()::waitingToStart,
                this::undecided,
                () -> parts.work().queues().nodes().stats().longestRunning()),
            new LeaderWatchdog.Actions(this::stepDown, this::endOverdue),
            new LeaderWatchdog.Limits(NO_PROGRESS_LIMIT, settings.get().election().margin()),
            parts.time());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory("leader-watchdog"));
    timer.scheduleWithFixedDelay(watchdog::checkSafely, 1, 1, TimeUnit.SECONDS);
    stops.push("leader watchdog", timer::shutdownNow);
  }

  private Optional<Undecided.Stall> undecided() {
    return parts.fleet().undecided().stall(parts.fleet().size(), parts.time().nanos());
  }

  private void stepDown(LeaderWatchdog.Cause cause, String reason) {
    parts.metrics().election().steppedDown(cause.label());
    parts.leadership().stepDown(reason);
  }

  private void startSettingsWatch() {
    settings.listen(changed -> Logging.level(changed.telemetry().log().level()));
    settings.listen(changed -> parts.base().writes().limits(changed.kube().writeRate()));
    settings.listen(
        changed -> parts.events().kubernetes().ifPresent(e -> e.limits(changed.events())));
    settings.listen(changed -> parts.work().resyncIn(changed.reconcile().resyncPeriod()));
    settings.listen(changed -> parts.work().queues().fanOut().add(FanOut.ALL));
    // The brake may hold no more, and what it says in a policy's status changes.
    settings.listen(
        changed -> parts.policies().names().forEach(parts.work().queues().policies()::add));
    SettingsWatch watch =
        SettingsWatch.start(settings, parts.metrics().settings(), SETTINGS_PERIOD);
    stops.push("settings", watch::close);
  }

  private void endOverdue() {
    LOG.error("the Lease is lost and work that was begun under it still runs; ending the process");
    overdue = true;
    stop();
  }

  /** The order matters: no write after the Lease is given back. */
  private void stopLeading() throws InterruptedException {
    parts.leadership().closeToNewWork();
    boolean drained = parts.work().nodes().stop(DRAIN_LIMIT);
    drained &= parts.work().policies().stop(DRAIN_LIMIT);
    drained &= parts.work().spinners().pool().stop(DRAIN_LIMIT);
    drained &= parts.work().revisions().pool().stop(DRAIN_LIMIT);
    parts.work().fanOuts().stop(DRAIN_LIMIT);
    flushEvents();
    if (!drained) {
      LOG.warn("work is still in flight; the Lease is left to run out");
      return;
    }
    ReleaseResult released = parts.leadership().release(RELEASE_LIMIT);
    LOG.info("lease: {}", released);
    parts.leadership().close();
  }

  /** Does nothing the second time. */
  private void flushEvents() throws InterruptedException {
    if (parts.events().kubernetes().isPresent()) {
      parts.events().kubernetes().get().stop(EVENT_FLUSH_LIMIT);
    }
  }

  /** What happens when this process begins or ceases to lead. */
  private final class Terms implements LeadershipListener {
    @Override
    public void leading(LeaderTerm term) {
      Map<NodePhase, Integer> phases = parts.fleet().phases();
      LOG.info("leading: epoch {}, nodes {}", term.epoch(), phases);
      parts.events().publisher().leaderChanged(term.epoch(), "Leads since " + term.since() + ".");
      parts.work().fanOut().differing();
      parts.work().fanOut().waiting();
      parts.policies().names().forEach(parts.work().queues().policies()::add);
      parts.work().spinners().leading(parts.policies(), parts.base());
      parts.work().revisions().leading(parts.policies());
    }

    @Override
    public void stopped(LeaderTerm term, String reason) {
      LOG.info("no longer leading: {}", reason);
      parts.events().publisher().leaderChanged(term.epoch(), "No longer leads: " + reason + ".");
    }
  }
}
