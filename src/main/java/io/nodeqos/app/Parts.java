// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.kubernetes.client.openapi.ApiClient;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.Fence;
import io.nodeqos.election.Leadership;
import io.nodeqos.events.EventObserver;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEventBus;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.gate.Gates;
import io.nodeqos.kube.ApiClients;
import io.nodeqos.kube.ClientConfigException;
import io.nodeqos.kube.EventRecorder;
import io.nodeqos.kube.KubeCluster;
import io.nodeqos.kube.KubeSettings;
import io.nodeqos.kube.LeaseClient;
import io.nodeqos.kube.NodePatcher;
import io.nodeqos.kube.PolicyStatusClient;
import io.nodeqos.kube.WriteConnection;
import io.nodeqos.kube.WriteLimiter;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ConfigSyncer;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.EventRouter;
import io.nodeqos.reconcile.FanOut;
import io.nodeqos.reconcile.FleetIndex;
import io.nodeqos.reconcile.NodePlanner;
import io.nodeqos.reconcile.NodeReconciler;
import io.nodeqos.reconcile.NodeReport;
import io.nodeqos.reconcile.NodeTrace;
import io.nodeqos.reconcile.PolicyReconciler;
import io.nodeqos.reconcile.RideAlong;
import io.nodeqos.reconcile.StatusUpdater;
import io.nodeqos.reconcile.TracedHandler;
import io.nodeqos.reconcile.WorkerReport;
import io.nodeqos.telemetry.EventMetrics;
import io.nodeqos.telemetry.Metrics;
import io.nodeqos.telemetry.TraceInstance;
import io.nodeqos.telemetry.Tracing;
import io.nodeqos.telemetry.TracingSetup;
import io.nodeqos.telemetry.WorkTrace;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Everything that runs, built and not started. Reading {@link #of} from top to bottom tells what
 * depends on what.
 */
record Parts(
    Clock clock,
    Metrics metrics,
    Tracing tracing,
    KubeCluster cluster,
    Leadership leadership,
    WorkerRegistry workers,
    FleetIndex fleet,
    PolicyCatalog policies,
    Events events,
    WriteConnection writeConnection,
    Work work) {

  static final int EVENT_BUFFER = 1_000;

  private static final int RECENT_EVENTS = 100;

  /**
   * What happens, and who is told.
   *
   * @param publisher puts events on the bus
   * @param recent the latest, for people to look at
   * @param kubernetes writes them as Kubernetes Events; empty when that is switched off
   */
  record Events(
      QosEventBus bus,
      EventPublisher publisher,
      RecentEvents recent,
      Optional<EventRecorder> kubernetes) {}

  /**
   * The queues and who empties them.
   *
   * @param router feeds the queues
   */
  record Work(
      EventRouter router,
      EventRouter.Queues queues,
      FanOut fanOut,
      WorkerPool nodes,
      WorkerPool policies,
      WorkerPool fanOuts) {}

  /**
   * @throws ClientConfigException when no usable API server is configured
   */
  static Parts of(
      ControllerSettings settings, KubeSettings kube, PodIdentity identity, String version)
      throws ClientConfigException {
    Clock clock = Clock.systemUTC();
    Metrics metrics = Metrics.create(settings.telemetry().metrics()).withJvm();
    ApiClients clients =
        ApiClients.find(
            kube,
            "node-qos-controller/" + version + " (" + identity.uid() + ")",
            metrics.restClient());
    Leadership leadership = leadership(settings.election(), identity, clients);
    Fence fence = leadership.fence();
    ApiClient writeClient = clients.write(fence, settings.election().callTimeout());
    WriteLimiter limiter = clients.limiter(writeClient, kube.writeRate());
    KubeCluster cluster = new KubeCluster(clients.watch(), kube, metrics.informers());

    Tracing tracing =
        new TracingSetup(System.getenv(), metrics.traces())
            .start(
                new TraceInstance(identity.name(), identity.uid(), identity.namespace(), version));
    PolicyCatalog policies = new PolicyCatalog(new PolicyDecoder());
    QosEventBus bus = new QosEventBus(observer(metrics.events()));
    EventPublisher events = new EventPublisher(bus, policies, fence, clock);
    WorkerRegistry workers =
        WorkerRegistry.discovered(
            settings.plugins(),
            new WorkerReport(metrics.qosWorkers(), events, fence, System::nanoTime));
    FleetIndex fleet = new FleetIndex();
    Backoff backoff = Backoff.of(settings.queue().retry());
    EventRouter.Queues queues =
        new EventRouter.Queues(
            queue("nodes", backoff, metrics),
            queue("policies", backoff, metrics),
            queue("fanout", backoff, metrics));

    NodePlanner planner =
        new NodePlanner(
            new ConfigSyncer(workers, settings.reconcile().damping()),
            new StatusUpdater(new Gates(), settings.reconcile().damping()));
    NodeReport report =
        new NodeReport(
            new NodeReport.Metrics(metrics.nodes(), metrics.sync()),
            events,
            clock,
            policy ->
                queues
                    .policies()
                    .addAfter(
                        policy,
                        Lane.CHANGE,
                        Trigger.after(WorkTrace.current().ref()),
                        Duration.ofSeconds(1)));
    NodeReconciler nodes =
        new NodeReconciler(
            cluster,
            policies,
            planner,
            fleet,
            new NodeReconciler.Writing(
                new NodePatcher(writeClient, limiter, kube.extraAnnotations()),
                fence,
                new RideAlong(fence, settings.reconcile().traceparentKey()),
                backoff.afterConflicts(settings.queue().conflictRetry()),
                backoff),
            new NodeReconciler.Reporting(
                metrics.sync(), report, new NodeTrace(fence), clock, System::nanoTime));
    PolicyReconciler policyStatus =
        new PolicyReconciler(
            policies,
            fleet,
            new PolicyStatusClient(writeClient, limiter),
            fence,
            events,
            new PolicyReconciler.Timing(
                settings.reconcile().policyStatusInterval(), backoff, clock));
    FanOut fanOut =
        new FanOut(
            cluster,
            fleet,
            queues.nodes(),
            settings.reconcile().resyncPeriod(),
            () -> ThreadLocalRandom.current().nextDouble());
    queues
        .fanOut()
        .addAfter(FanOut.RESYNC, Lane.RESYNC, Trigger.NONE, settings.reconcile().resyncPeriod());

    return new Parts(
        clock,
        metrics,
        tracing,
        cluster,
        leadership,
        workers,
        fleet,
        policies,
        new Events(
            bus,
            events,
            new RecentEvents(RECENT_EVENTS),
            recorder(settings, identity, clients, fence, bus, metrics)),
        WriteConnection.of(writeClient),
        new Work(
            new EventRouter(queues, fleet, policies, workers, tracing),
            queues,
            fanOut,
            pool(
                "nodes",
                settings.queue().workers(),
                queues.nodes(),
                new TracedHandler(tracing, Tracing.Work.NODE, nodes),
                metrics),
            pool(
                "policies",
                1,
                queues.policies(),
                new TracedHandler(tracing, Tracing.Work.POLICY, policyStatus),
                metrics),
            pool("fanout", 1, queues.fanOut(), fanOut, metrics)));
  }

  private static Leadership leadership(
      ElectionSettings settings, PodIdentity identity, ApiClients clients)
      throws ClientConfigException {
    if (!settings.enabled()) {
      return Leadership.permanent(identity.holder());
    }
    return Leadership.elected(
        settings,
        identity.holder(),
        new LeaseClient(
            clients.lease(settings.leaseCallTimeout()),
            identity.namespace(),
            settings.leaseName()));
  }

  private static KeyedQueue queue(String name, Backoff backoff, Metrics metrics) {
    return new KeyedQueue(backoff, System::nanoTime, metrics.workQueue(name));
  }

  private static Optional<EventRecorder> recorder(
      ControllerSettings settings,
      PodIdentity identity,
      ApiClients clients,
      Fence fence,
      QosEventBus bus,
      Metrics metrics)
      throws ClientConfigException {
    if (!settings.events().enabled()) {
      return Optional.empty();
    }
    return Optional.of(
        EventRecorder.create(
            settings.events(),
            clients.write(fence, settings.election().callTimeout()),
            identity.name(),
            bus.subscribe("kubernetes", EVENT_BUFFER),
            metrics.events()));
  }

  private static EventObserver observer(EventMetrics metrics) {
    for (QosEvent.Type type : QosEvent.Type.values()) {
      metrics.expected(type.name());
    }
    return new EventObserver() {
      @Override
      public void subscribed(String subscriber) {
        metrics.subscribed(subscriber);
      }

      @Override
      public void published(QosEvent.Type type) {
        metrics.published(type.name());
      }

      @Override
      public void dropped(String subscriber) {
        metrics.dropped(subscriber);
      }
    };
  }

  private static WorkerPool pool(
      String name, int workers, KeyedQueue queue, WorkerPool.Handler handler, Metrics metrics) {
    return new WorkerPool(
        name,
        workers,
        new WorkerPool.Parts(queue, handler, metrics.workQueue(name), System::nanoTime));
  }
}
