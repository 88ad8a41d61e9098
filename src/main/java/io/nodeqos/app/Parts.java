// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.kubernetes.client.openapi.ApiClient;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.Fence;
import io.nodeqos.election.Leadership;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.gate.Gates;
import io.nodeqos.kube.ApiClients;
import io.nodeqos.kube.ClientConfigException;
import io.nodeqos.kube.KubeCluster;
import io.nodeqos.kube.KubeSettings;
import io.nodeqos.kube.LeaseClient;
import io.nodeqos.kube.NodePatcher;
import io.nodeqos.kube.PolicyStatusClient;
import io.nodeqos.kube.WriteConnection;
import io.nodeqos.kube.WriteLimiter;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ConfigSyncer;
import io.nodeqos.reconcile.EventRouter;
import io.nodeqos.reconcile.FanOut;
import io.nodeqos.reconcile.FleetIndex;
import io.nodeqos.reconcile.NodePlanner;
import io.nodeqos.reconcile.NodeReconciler;
import io.nodeqos.reconcile.NodeReport;
import io.nodeqos.reconcile.PolicyReconciler;
import io.nodeqos.reconcile.StatusUpdater;
import io.nodeqos.telemetry.Metrics;
import io.nodeqos.telemetry.QosWorkerMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Everything that runs, built and not started. Reading {@link #of} from top to bottom tells what
 * depends on what.
 */
record Parts(
    Clock clock,
    Metrics metrics,
    KubeCluster cluster,
    Leadership leadership,
    WorkerRegistry workers,
    FleetIndex fleet,
    PolicyCatalog policies,
    RecentEvents events,
    WriteConnection writeConnection,
    Work work) {

  private static final int RECENT_EVENTS = 100;

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
    WriteLimiter limiter = new WriteLimiter(kube.writeRate(), System::nanoTime);
    KubeCluster cluster = new KubeCluster(clients.watch(), kube, metrics.informers());

    PolicyCatalog policies = new PolicyCatalog(new PolicyDecoder());
    WorkerRegistry workers = WorkerRegistry.discovered(observer(metrics.qosWorkers()));
    FleetIndex fleet = new FleetIndex();
    RecentEvents events = new RecentEvents(RECENT_EVENTS);
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
            fence,
            clock,
            policy -> queues.policies().addAfter(policy, Duration.ofSeconds(1)));
    NodeReconciler nodes =
        new NodeReconciler(
            cluster,
            policies,
            planner,
            fleet,
            new NodeReconciler.Writing(
                new NodePatcher(writeClient, limiter, kube.extraAnnotations()),
                fence,
                backoff.afterConflicts(settings.queue().conflictRetry()),
                backoff),
            new NodeReconciler.Reporting(metrics.sync(), report, clock, System::nanoTime));
    PolicyReconciler policyStatus =
        new PolicyReconciler(
            policies,
            fleet,
            new PolicyStatusClient(writeClient, limiter),
            fence,
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
        cluster,
        leadership,
        workers,
        fleet,
        policies,
        events,
        WriteConnection.of(writeClient),
        new Work(
            new EventRouter(queues, fleet, policies, workers),
            queues,
            fanOut,
            pool("nodes", settings.queue().workers(), queues.nodes(), nodes, metrics),
            pool("policies", 1, queues.policies(), policyStatus, metrics),
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
    KeyedQueue queue = new KeyedQueue(backoff, System::nanoTime, metrics.workQueue(name));
    metrics
        .workQueue(name)
        .observe(queue::length, queue::unfinishedSeconds, queue::longestRunningSeconds);
    return queue;
  }

  private static WorkerObserver observer(QosWorkerMetrics metrics) {
    return (worker, succeeded, nanos) -> {
      metrics.worked(worker, succeeded ? "success" : "error", nanos);
      metrics.status(worker, succeeded);
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
