// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.TracedHandler;
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
import io.nodeqos.reconcile.node.SyncReport;
import io.nodeqos.reconcile.node.WriteAnnotations;
import io.nodeqos.reconcile.node.WriteReport;
import io.nodeqos.reconcile.plan.ConfigSyncer;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.StatusUpdater;
import io.nodeqos.telemetry.tracing.Tracing;
import java.util.List;

/** The reconciler of nodes: read, decide, admit, write, report. */
final class NodeWiring {
  final WorkerPool pool;

  private final BaseWiring base;
  private final ReconcileWiring shared;

  NodeWiring(BaseWiring base, ReconcileWiring shared) {
    this.base = base;
    this.shared = shared;
    pool =
        shared.queues.pool(
            "nodes",
            base.settings.get().queue().workers(),
            shared.nodeQueue,
            new TracedHandler(base.tracing, Tracing.Work.NODE, reconciler()));
  }

  private NodeReconciler reconciler() {
    NodeReport report =
        new NodeReport(
            base.metrics.nodes(),
            base.metrics.sync(),
            shared.events.publisher,
            base.time,
            shared.policyRechecks::statusMayDiffer);
    NodeTrace trace = new NodeTrace(base.fence);
    DecisionReport decisions =
        new DecisionReport(
            shared.fleet, trace, orphans(), report, base.metrics.sync(), shared.workers);
    KnownNodes known =
        new KnownNodes(
            List.of(
                decisions,
                shared.brake,
                shared.slots,
                shared.nodeWrites,
                shared.undecided,
                shared.damping,
                (node, now) -> shared.policies.moves().forget(node)),
            base.time);
    NodeWriter api = base.writes.nodes(base.kube.extraAnnotations());
    WriteReport writes = new WriteReport(shared.fleet, shared.nodeWrites, report, trace, base.time);
    PlanWriter writer =
        new PlanWriter(
            api,
            new WriteAnnotations(base.fence, settings().traceparentKey()),
            shared.fleet,
            shared.damping,
            writes,
            base.time);
    return new NodeReconciler(
        new NodeReader(base.cluster, shared.fleet, api, known, base.time),
        new NodeConvergence(decider(), decisions, writer, writes, base.fence, base.time),
        new FailedWrites(
            base.cluster,
            shared.fleet,
            report,
            shared.queues.afterConflicts(),
            shared.queues.retry()),
        known,
        new SyncReport(base.metrics.sync(), shared.undecided, base.fence, base.time));
  }

  private NodeDecider decider() {
    NodePlanner planner =
        new NodePlanner(
            new ConfigSyncer(
                shared.workers, () -> settings().damping(), () -> settings().publishReservation()),
            new StatusUpdater(shared.gates(), () -> settings().damping()));
    return new NodeDecider(
        new NodeObserver(base.cluster, shared.policies, shared.fleet, shared.pullers, base.time),
        planner,
        List.of(shared.brake, shared.slots));
  }

  private OrphanReport orphans() {
    return new OrphanReport(
        shared.events.publisher, base.fence, base.time, () -> settings().orphanTaintGrace());
  }

  private ReconcileSettings settings() {
    return base.settings.get().reconcile();
  }
}
