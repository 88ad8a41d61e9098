// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.reconcile.NodeForgetter;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.fleet.PullFailure;
import io.nodeqos.reconcile.node.NodeDecider.Decision;
import io.nodeqos.reconcile.plan.Observation;
import io.nodeqos.reconcile.plan.OrphanTaints;
import io.nodeqos.telemetry.metrics.SyncMetrics;
import java.time.Instant;
import java.util.Optional;

/** Remembers the last decision for each node, and reports its changes. Thread-safe. */
public final class DecisionReport implements NodeForgetter {
  private final FleetIndex fleet;
  private final NodeTrace trace;
  private final OrphanReport orphans;
  private final NodeReport report;
  private final SyncMetrics metrics;
  private final WorkerRegistry workers;

  public DecisionReport(
      FleetIndex fleet,
      NodeTrace trace,
      OrphanReport orphans,
      NodeReport report,
      SyncMetrics metrics,
      WorkerRegistry workers) {
    this.fleet = fleet;
    this.trace = trace;
    this.orphans = orphans;
    this.report = report;
    this.metrics = metrics;
    this.workers = workers;
  }

  void decided(Decision decision) {
    Observation seen = decision.seen();
    NodePlan plan = decision.plan();
    NodeView node = seen.node();
    NodeState before = fleet.state(node.name());
    trace.decided(node, plan);
    // The node records since when it waits: a new process counts from there.
    Instant phaseSince = plan.memory().warmUp().map(WarmUpTimes::begin).orElse(seen.now());
    OrphanTaints found = orphans.decided(node, before, plan);
    Optional<PullFailure> pull =
        PullFailure.next(
            before.notes().pullFailure(),
            new BootEvidence(node, plan.memory().boot(), seen.now()),
            seen.reserved(),
            seen.config());
    fleet.update(
        node.name(),
        s ->
            s.decided(plan, phaseSince)
                .withNotes(s.notes().decided(seen.policies().number(), found, pull)));
    report.decided(before, fleet.state(node.name()));
    metrics.fleetSize(fleet.size());
    workers.crowdedOut(plan.summary().crowdedOut(), node.name());
  }

  /** When a report about the node is due by time alone. */
  Optional<Instant> due(String node) {
    return orphans.due(fleet.state(node));
  }

  @Override
  public void forget(String node, Instant now) {
    report.forgotten(node, fleet.forget(node));
  }
}
