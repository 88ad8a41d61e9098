// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.election.Fence;
import io.nodeqos.gate.Gates;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.node.PassingTaints;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.TracedHandler;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.PolicyCensus;
import io.nodeqos.reconcile.node.DecisionReport;
import io.nodeqos.reconcile.node.FailedWrites;
import io.nodeqos.reconcile.node.KnownNodes;
import io.nodeqos.reconcile.node.NodeConvergence;
import io.nodeqos.reconcile.node.NodeDecider;
import io.nodeqos.reconcile.node.NodeObserver;
import io.nodeqos.reconcile.node.NodeReader;
import io.nodeqos.reconcile.node.NodeReconciler;
import io.nodeqos.reconcile.node.NodeReport;
import io.nodeqos.reconcile.node.NodeTrace;
import io.nodeqos.reconcile.node.NodeWriter;
import io.nodeqos.reconcile.node.OrphanReport;
import io.nodeqos.reconcile.node.PlanWriter;
import io.nodeqos.reconcile.node.RideAlong;
import io.nodeqos.reconcile.node.SyncReport;
import io.nodeqos.reconcile.node.WriteReport;
import io.nodeqos.reconcile.plan.ConfigSyncer;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.StatusUpdater;
import io.nodeqos.reconcile.policies.PolicyFacts;
import io.nodeqos.reconcile.policies.PolicyFinalizer;
import io.nodeqos.reconcile.policies.PolicyReconciler;
import io.nodeqos.reconcile.policies.PolicyUpdates;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.reconcile.routing.FanOut;
import io.nodeqos.reconcile.routing.MissingImages;
import io.nodeqos.reconcile.routing.NodeRouter;
import io.nodeqos.reconcile.routing.PolicyRouter;
import io.nodeqos.reconcile.routing.RevisionRouter;
import io.nodeqos.reconcile.routing.SpinnerRouter;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The queues and who empties them.
 *
 * @param listeners feed the queues, in this order
 * @param brake knows what is held until a person confirms it
 */
record WorkParts(
    List<ClusterListener> listeners,
    Queues queues,
    FanOut fanOut,
    WorkerPool nodes,
    WorkerPool policies,
    WorkerPool fanOuts,
    Brake brake,
    SpinnerParts spinners,
    RevisionParts revisions) {

  /**
   * The queues.
   *
   * @param nodes keys are names of nodes
   * @param policies keys are names of policies
   * @param fanOut keys are those of {@link FanOut}
   */
  record Queues(KeyedQueue nodes, KeyedQueue policies, KeyedQueue fanOut) {}

  /** What the work is about, and who hears of it. */
  record Subject(
      PolicyCatalog policies, FleetIndex fleet, WorkerRegistry workers, EventParts events) {}

  static WorkParts of(LiveSettings settings, KubeSettings kube, BaseParts base, Subject subject) {
    RetryDelays backoff = retry(settings);
    Queues queues =
        new Queues(
            queue("nodes", backoff, base),
            queue("policies", backoff, base),
            queue("fanout", backoff, base));
    FanOut fanOut =
        new FanOut(
            base.cluster(),
            subject.fleet(),
            queues.nodes(),
            new MissingImages(base.cluster(), subject.policies(), subject.fleet(), base.time()),
            () -> settings.get().reconcile().resyncPeriod(),
            () -> ThreadLocalRandom.current().nextDouble());
    queues
        .fanOut()
        .addAfter(
            FanOut.RESYNC, Lane.RESYNC, Trigger.NONE, settings.get().reconcile().resyncPeriod());
    Brake brake = brake(settings, base, subject, queues);
    SpinnerParts spinners = SpinnerParts.of(settings, base, queues, subject);
    PolicyWrites policyWrites = new PolicyWrites();
    RevisionParts revisions = RevisionParts.of(settings, base, subject);
    return new WorkParts(
        List.of(
            new NodeRouter(queues.nodes(), queues.fanOut(), subject.fleet(), base.tracing()),
            new PolicyRouter(
                queues.policies(),
                queues.fanOut(),
                subject.policies(),
                policyWrites,
                subject.workers(),
                base.tracing()),
            new SpinnerRouter(spinners.queue(), queues.fanOut()),
            new RevisionRouter(revisions.queue())),
        queues,
        fanOut,
        pool(
            "nodes",
            settings.get().queue().workers(),
            queues.nodes(),
            new TracedHandler(
                base.tracing(),
                Tracing.Work.NODE,
                nodes(settings, kube, base, subject, queues.policies(), brake, spinners)),
            base),
        pool(
            "policies",
            1,
            queues.policies(),
            new TracedHandler(
                base.tracing(),
                Tracing.Work.POLICY,
                policies(
                    settings,
                    base,
                    subject,
                    new PolicyFacts(
                        new PolicyCensus(base.cluster(), subject.policies(), subject.fleet()),
                        brake,
                        spinners.problems()),
                    brake,
                    policyWrites)),
            base),
        pool("fanout", 1, queues.fanOut(), fanOut, base),
        brake,
        spinners,
        revisions);
  }

  private static NodeReconciler nodes(
      LiveSettings settings,
      KubeSettings kube,
      BaseParts base,
      Subject subject,
      KeyedQueue policies,
      Brake brake,
      SpinnerParts spinners) {
    Metrics metrics = base.metrics();
    Fence fence = base.leadership().fence();
    NodePlanner planner =
        new NodePlanner(
            new ConfigSyncer(subject.workers(), () -> settings.get().reconcile().damping()),
            new StatusUpdater(gates(settings), () -> settings.get().reconcile().damping()));
    NodeReport report =
        new NodeReport(
            new NodeReport.Metrics(metrics.nodes(), metrics.sync()),
            subject.events().publisher(),
            base.time(),
            policy -> statusMayDiffer(policies, policy));
    NodeTrace trace = new NodeTrace(fence);
    OrphanReport orphans =
        new OrphanReport(
            subject.events().publisher(),
            fence,
            base.time(),
            () -> settings.get().reconcile().orphanTaintGrace());
    DecisionReport decisions =
        new DecisionReport(subject.fleet(), trace, orphans, report, metrics.sync());
    NodeDecider decider =
        new NodeDecider(
            new NodeObserver(
                base.cluster(),
                subject.policies(),
                subject.fleet(),
                spinners.pullers(),
                base.time()),
            planner,
            List.of(brake, spinners.slots()));
    KnownNodes known = new KnownNodes(List.of(decisions, brake, spinners.slots()), base.time());
    NodeWriter api = base.writes().nodes(kube.extraAnnotations());
    WriteReport writes = new WriteReport(subject.fleet(), report, trace, base.time());
    PlanWriter writer =
        new PlanWriter(
            api,
            new RideAlong(fence, settings.get().reconcile().traceparentKey()),
            subject.fleet(),
            writes,
            base.time());
    return new NodeReconciler(
        new NodeReader(base.cluster(), subject.fleet(), api, known, base.time()),
        new NodeConvergence(decider, decisions, writer, writes, fence, base.time()),
        new FailedWrites(
            base.cluster(), subject.fleet(), report, afterConflicts(settings), retry(settings)),
        known,
        new SyncReport(metrics.sync(), subject.fleet(), fence, base.time()));
  }

  static Gates gates(LiveSettings settings) {
    return new Gates(() -> new PassingTaints(settings.get().reconcile().startupTaints()));
  }

  private static void statusMayDiffer(KeyedQueue policies, String policy) {
    policies.addAfter(
        policy, Lane.CHANGE, Trigger.after(WorkTrace.current().ref()), Duration.ofSeconds(1));
  }

  private static Brake brake(
      LiveSettings settings, BaseParts base, Subject subject, Queues queues) {
    return new Brake(
        subject.policies(),
        () -> base.cluster().nodeNames().size(),
        () -> settings.get().reconcile().brake(),
        new Brake.Listener() {
          @Override
          public void policyChanged(String policy) {
            statusMayDiffer(queues.policies(), policy);
          }

          @Override
          public void freed(String node) {
            queues.nodes().add(node, Lane.CHANGE, Trigger.after(WorkTrace.current().ref()));
          }
        });
  }

  private static PolicyReconciler policies(
      LiveSettings settings,
      BaseParts base,
      Subject subject,
      PolicyFacts facts,
      Brake brake,
      PolicyWrites writes) {
    return new PolicyReconciler(
        subject.policies(),
        facts,
        brake,
        new PolicyFinalizer(base.cluster(), subject.policies(), subject.fleet(), base.cluster()),
        new PolicyUpdates(
            base.writes().policyStatus(),
            writes,
            base.leadership().fence(),
            subject.events().publisher(),
            () -> settings.get().reconcile().policyStatusInterval(),
            retry(settings)),
        base.time());
  }

  static RetryDelays retry(LiveSettings settings) {
    return failures -> Backoff.of(settings.get().queue().retry()).delay(failures);
  }

  private static RetryDelays afterConflicts(LiveSettings settings) {
    return failures ->
        Backoff.of(settings.get().queue().retry())
            .afterConflicts(settings.get().queue().conflictRetry())
            .delay(failures);
  }

  /** The next pass over all nodes comes no later than in this time. */
  void resyncIn(Duration period) {
    queues.fanOut().addAfter(FanOut.RESYNC, Lane.RESYNC, Trigger.NONE, period);
  }

  private static KeyedQueue queue(String name, RetryDelays backoff, BaseParts base) {
    return new KeyedQueue(backoff, base.time(), base.metrics().workQueue(name));
  }

  private static WorkerPool pool(
      String name, int workers, KeyedQueue queue, WorkerPool.Handler handler, BaseParts base) {
    return new WorkerPool(
        name, workers, queue, handler, base.metrics().workQueue(name), base.time());
  }
}
