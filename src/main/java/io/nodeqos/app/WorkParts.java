// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.election.Fence;
import io.nodeqos.gate.Gates;
import io.nodeqos.kube.KubeSettings;
import io.nodeqos.policy.PolicyCatalog;
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
import io.nodeqos.reconcile.NodeTrace;
import io.nodeqos.reconcile.OrphanReport;
import io.nodeqos.reconcile.PolicyFinalizer;
import io.nodeqos.reconcile.PolicyReconciler;
import io.nodeqos.reconcile.RideAlong;
import io.nodeqos.reconcile.StatusUpdater;
import io.nodeqos.reconcile.TracedHandler;
import io.nodeqos.telemetry.Metrics;
import io.nodeqos.telemetry.Tracing;
import io.nodeqos.telemetry.WorkTrace;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The queues and who empties them.
 *
 * @param router feeds the queues
 */
record WorkParts(
    EventRouter router,
    EventRouter.Queues queues,
    FanOut fanOut,
    WorkerPool nodes,
    WorkerPool policies,
    WorkerPool fanOuts) {

  /** What the work is about, and who hears of it. */
  record Subject(
      PolicyCatalog policies, FleetIndex fleet, WorkerRegistry workers, EventParts events) {}

  static WorkParts of(
      ControllerSettings settings, KubeSettings kube, BaseParts base, Subject subject) {
    Metrics metrics = base.metrics();
    Backoff backoff = Backoff.of(settings.queue().retry());
    EventRouter.Queues queues =
        new EventRouter.Queues(
            queue("nodes", backoff, metrics),
            queue("policies", backoff, metrics),
            queue("fanout", backoff, metrics));
    FanOut fanOut =
        new FanOut(
            base.cluster(),
            subject.fleet(),
            queues.nodes(),
            settings.reconcile().resyncPeriod(),
            () -> ThreadLocalRandom.current().nextDouble());
    queues
        .fanOut()
        .addAfter(FanOut.RESYNC, Lane.RESYNC, Trigger.NONE, settings.reconcile().resyncPeriod());
    return new WorkParts(
        new EventRouter(
            queues, subject.fleet(), subject.policies(), subject.workers(), base.tracing()),
        queues,
        fanOut,
        pool(
            "nodes",
            settings.queue().workers(),
            queues.nodes(),
            new TracedHandler(
                base.tracing(),
                Tracing.Work.NODE,
                nodes(settings, kube, base, subject, queues.policies())),
            metrics),
        pool(
            "policies",
            1,
            queues.policies(),
            new TracedHandler(
                base.tracing(), Tracing.Work.POLICY, policies(settings, base, subject)),
            metrics),
        pool("fanout", 1, queues.fanOut(), fanOut, metrics));
  }

  private static NodeReconciler nodes(
      ControllerSettings settings,
      KubeSettings kube,
      BaseParts base,
      Subject subject,
      KeyedQueue policies) {
    Metrics metrics = base.metrics();
    Fence fence = base.leadership().fence();
    Backoff backoff = Backoff.of(settings.queue().retry());
    NodePlanner planner =
        new NodePlanner(
            new ConfigSyncer(subject.workers(), settings.reconcile().damping()),
            new StatusUpdater(new Gates(), settings.reconcile().damping()));
    NodeReport report =
        new NodeReport(
            new NodeReport.Metrics(metrics.nodes(), metrics.sync()),
            subject.events().publisher(),
            base.clock(),
            policy ->
                policies.addAfter(
                    policy,
                    Lane.CHANGE,
                    Trigger.after(WorkTrace.current().ref()),
                    Duration.ofSeconds(1)));
    return new NodeReconciler(
        base.cluster(),
        subject.policies(),
        planner,
        subject.fleet(),
        new NodeReconciler.Writing(
            base.writes().nodes(kube.extraAnnotations()),
            fence,
            new RideAlong(fence, settings.reconcile().traceparentKey()),
            backoff.afterConflicts(settings.queue().conflictRetry()),
            backoff),
        new NodeReconciler.Reporting(
            metrics.sync(),
            report,
            new OrphanReport(
                subject.events().publisher(),
                fence,
                base.clock(),
                settings.reconcile().orphanTaintGrace()),
            new NodeTrace(fence),
            base.clock(),
            System::nanoTime));
  }

  private static PolicyReconciler policies(
      ControllerSettings settings, BaseParts base, Subject subject) {
    return new PolicyReconciler(
        subject.policies(),
        subject.fleet(),
        new PolicyFinalizer(base.cluster(), subject.policies(), subject.fleet()),
        base.writes().policyStatus(),
        base.leadership().fence(),
        subject.events().publisher(),
        new PolicyReconciler.Timing(
            settings.reconcile().policyStatusInterval(),
            Backoff.of(settings.queue().retry()),
            base.clock()));
  }

  private static KeyedQueue queue(String name, Backoff backoff, Metrics metrics) {
    return new KeyedQueue(backoff, System::nanoTime, metrics.workQueue(name));
  }

  private static WorkerPool pool(
      String name, int workers, KeyedQueue queue, WorkerPool.Handler handler, Metrics metrics) {
    return new WorkerPool(
        name,
        workers,
        new WorkerPool.Parts(queue, handler, metrics.workQueue(name), System::nanoTime));
  }
}
