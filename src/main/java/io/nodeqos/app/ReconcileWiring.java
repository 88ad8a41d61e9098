// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.gate.Gates;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.LeaderHandler;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.TracedHandler;
import io.nodeqos.reconcile.WorkerReport;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeWrites;
import io.nodeqos.reconcile.fleet.PolicyCensus;
import io.nodeqos.reconcile.fleet.PolicyReach;
import io.nodeqos.reconcile.fleet.Undecided;
import io.nodeqos.reconcile.fleet.WriteDamping;
import io.nodeqos.reconcile.images.ImageProblemReport;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.images.ImagePullers;
import io.nodeqos.reconcile.images.PullSlots;
import io.nodeqos.reconcile.images.SpinnerReconciler;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.reconcile.images.SpinnerWrites;
import io.nodeqos.reconcile.policies.PolicyFacts;
import io.nodeqos.reconcile.policies.PolicyFinalizer;
import io.nodeqos.reconcile.policies.PolicyReconciler;
import io.nodeqos.reconcile.policies.PolicyUpdates;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.reconcile.policies.RevisionReconciler;
import io.nodeqos.reconcile.rollout.RolloutListener;
import io.nodeqos.reconcile.rollout.RolloutReconciler;
import io.nodeqos.reconcile.rollout.RolloutWrites;
import io.nodeqos.reconcile.rollout.report.RolloutReport;
import io.nodeqos.reconcile.rollout.report.RolloutSightings;
import io.nodeqos.reconcile.routing.BrakeRouter;
import io.nodeqos.reconcile.routing.FanOut;
import io.nodeqos.reconcile.routing.MissingImages;
import io.nodeqos.reconcile.routing.NodeRouter;
import io.nodeqos.reconcile.routing.PolicyNodes;
import io.nodeqos.reconcile.routing.PolicyRechecks;
import io.nodeqos.reconcile.routing.PolicyRouter;
import io.nodeqos.reconcile.routing.Resync;
import io.nodeqos.reconcile.routing.RevisionRouter;
import io.nodeqos.reconcile.routing.RolloutRouter;
import io.nodeqos.reconcile.routing.SpinnerRouter;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The state of the fleet, the work queues, and the reconcilers of policies, images and revisions.
 */
final class ReconcileWiring {
  final PolicyCatalog policies;
  final EventWiring events;
  final WorkerRegistry workers;
  final FleetIndex fleet = new FleetIndex();
  final NodeWrites nodeWrites = new NodeWrites();
  final Undecided undecided = new Undecided();
  final WriteDamping damping = new WriteDamping();

  /** Keys are names of nodes. */
  final KeyedQueue nodeQueue;

  /** Keys are names of policies, as in the two below. */
  final KeyedQueue policyQueue;

  final KeyedQueue spinnerQueue;
  final KeyedQueue revisionQueue;
  final KeyedQueue rolloutQueue;

  /** Keys are those of {@link FanOut}. */
  final KeyedQueue fanOutQueue;

  final PolicyRechecks policyRechecks;
  final Resync resync;
  final Brake brake;
  final PullSlots slots;
  final ImagePullers pullers;
  final FanOut fanOut;
  final WorkerPool fanOutPool;
  final WorkerPool policyPool;
  final WorkerPool spinnerPool;
  final WorkerPool revisionPool;
  final WorkerPool rolloutPool;

  /** Feed the queues, in this order. */
  final List<ClusterListener> routers;

  final WorkQueues queues;
  final DryRunWiring dryRuns;

  private final BaseWiring base;
  private final ImageProblems imageProblems = new ImageProblems();
  private final PolicyWrites policyWrites = new PolicyWrites();
  private final RolloutSightings rolloutSightings;

  ReconcileWiring(BaseWiring base) {
    this.base = base;
    policies = new PolicyCatalog(new PolicyDecoder(reconcileSettings().startupTaintPrefixes()));
    queues = new WorkQueues(base.settings, base.metrics, base.time);
    nodeQueue = queues.queue("nodes");
    events = new EventWiring(base, policies, () -> nodeQueue.length() > 0);
    workers =
        WorkerRegistry.discovered(
            base.settings.get().plugins(),
            new WorkerReport(base.metrics.qosWorkers(), events.publisher, base.fence, base.time));
    policyQueue = queues.queue("policies");
    spinnerQueue = queues.queue("spinners");
    revisionQueue = queues.queue("revisions");
    rolloutQueue = queues.queue("rollouts");
    fanOutQueue = queues.queue("fanout");
    policyRechecks = new PolicyRechecks(policyQueue);
    dryRuns = new DryRunWiring(base, policies, fleet, policyRechecks);
    resync = new Resync(fanOutQueue);
    brake = brake();
    slots =
        new PullSlots(
            spinnerSettings(),
            base.cluster,
            base.fence,
            node -> nodeQueue.add(node, Lane.URGENT, Trigger.NONE));
    pullers = new ImagePullers(spinnerSettings(), base.cluster);
    fanOut = fanOut();
    resync.within(reconcileSettings().resyncPeriod());
    fanOutPool = queues.pool("fanout", 1, fanOutQueue, fanOut);
    policyPool =
        queues.pool(
            "policies",
            1,
            policyQueue,
            new TracedHandler(base.tracing, Tracing.Work.POLICY, policyReconciler()));
    spinnerPool = queues.pool("spinners", 1, spinnerQueue, whileLeading(spinnerReconciler()));
    revisionPool = queues.pool("revisions", 1, revisionQueue, whileLeading(revisionReconciler()));
    rolloutSightings = new RolloutSightings(reconcileSettings().traceparentKey(), base.time);
    rolloutPool = queues.pool("rollouts", 1, rolloutQueue, whileLeading(rolloutReconciler()));
    routers =
        List.of(
            new NodeRouter(nodeQueue, fanOutQueue, fleet, base.tracing),
            new PolicyRouter(
                policyQueue, fanOutQueue, policies, policyWrites, workers, base.tracing),
            new SpinnerRouter(spinnerQueue, fanOutQueue),
            new RevisionRouter(revisionQueue),
            new RolloutRouter(rolloutQueue),
            rolloutSightings,
            dryRuns.router);
  }

  private Brake brake() {
    return new Brake(
        policies,
        base.cluster::nodeCount,
        () -> reconcileSettings().brake(),
        new BrakeRouter(nodeQueue, policyRechecks));
  }

  private FanOut fanOut() {
    return new FanOut(
        base.cluster,
        fleet,
        nodeQueue,
        new PolicyNodes(
            new PolicyReach(base.cluster, policies, fleet),
            new MissingImages(base.cluster, policies, fleet, base.time)),
        () -> reconcileSettings().resyncPeriod(),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  private PolicyReconciler policyReconciler() {
    return new PolicyReconciler(
        policies,
        new PolicyFacts(
            new PolicyCensus(base.cluster, policies, fleet), brake, imageProblems, dryRuns.dryRuns),
        brake,
        new PolicyFinalizer(base.cluster, policies, fleet, base.cluster.health()),
        new PolicyUpdates(
            base.writes.policyStatus(),
            policyWrites,
            base.fence,
            events.publisher,
            () -> reconcileSettings().policyStatusInterval(),
            queues.retry()),
        base.time);
  }

  private SpinnerReconciler spinnerReconciler() {
    String namespace = base.identity.namespace();
    return new SpinnerReconciler(
        policies,
        base.cluster,
        new SpinnerSpecs(spinnerSettings(), namespace),
        new SpinnerWrites(base.writes.daemonSets(namespace), base.time),
        new ImageProblemReport(imageProblems, events.publisher, policyRechecks::statusMayDiffer),
        queues.retry());
  }

  private RevisionReconciler revisionReconciler() {
    String namespace = base.identity.namespace();
    return new RevisionReconciler(
        policies,
        base.writes.revisions(namespace),
        events.publisher,
        namespace,
        queues.retry(),
        base.time);
  }

  private RolloutReconciler rolloutReconciler() {
    return new RolloutReconciler(
        policies,
        base.cluster,
        fleet,
        new RolloutWrites(
            base.writes.policyStatus(), policyWrites, base.fence, rolloutReports(), queues.retry()),
        node -> nodeQueue.add(node, Lane.CHANGE, Trigger.after(WorkTrace.current().ref())),
        base.time);
  }

  private RolloutListener rolloutReports() {
    RolloutReport report =
        new RolloutReport(
            events.publisher, base.metrics.rollouts(), base.tracing, rolloutSightings, base.time);
    return (policy, before, now) -> {
      policyRechecks.statusMayDiffer(policy.name());
      report.changed(policy, before, now);
    };
  }

  private LeaderHandler whileLeading(WorkerPool.Handler work) {
    return new LeaderHandler(base.cluster::synced, base.fence, work);
  }

  Gates gates() {
    return new Gates(() -> reconcileSettings().transientTaints());
  }

  Optional<Undecided.Stall> stall() {
    return undecided.stall(fleet.size(), base.time.nanos());
  }

  private ReconcileSettings reconcileSettings() {
    return base.settings.get().reconcile();
  }

  private SpinnerSettings spinnerSettings() {
    return base.settings.get().spinner();
  }
}
