// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.Cause;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.fleet.PullFailure;
import io.nodeqos.reconcile.images.ImageRollout;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.Observation;
import io.nodeqos.reconcile.plan.OrphanTaints;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides what a node shall carry: asks {@link NodePlanner} with all that this process knows of the
 * node, lets the brake hold it back, gives what is left a turn at pulling images, and remembers it.
 */
final class NodeDecider {
  private final ClusterView cluster;
  private final PolicyCatalog policies;
  private final FleetIndex fleet;
  private final Rules rules;
  private final NodeReconciler.Reporting reporting;

  /**
   * Who has a say, in this order.
   *
   * @param images says on which nodes images are pulled
   */
  record Rules(NodePlanner planner, Brake brake, ImageRollout images) {}

  NodeDecider(
      ClusterView cluster,
      PolicyCatalog policies,
      FleetIndex fleet,
      Rules rules,
      NodeReconciler.Reporting reporting) {
    this.cluster = cluster;
    this.policies = policies;
    this.fleet = fleet;
    this.rules = rules;
    this.reporting = reporting;
  }

  /**
   * A decision.
   *
   * @param cause what it came from, to tell writes that nothing outside calls for; without meaning
   *     where there is nothing to write
   */
  record Decision(NodePlan plan, int cause) {}

  Decision decide(NodeView node) {
    Instant now = reporting.time().steadyTime();
    NodeState before = fleet.state(node.name());
    ReservedState cached =
        WorkTrace.current().part("check reserved namespaces", () -> cluster.reserved(node.name()));
    PolicyCatalog.Snapshot inForce = policies.snapshot();
    CompiledConfig config = inForce.compile(node);
    ReservedState reserved = rules.images().observed(config, cached);
    NodePlan plan =
        plan(
            new Observation(
                node,
                reserved,
                before.memory(),
                inForce,
                config,
                now,
                reporting.time().wallAhead()));
    reporting.trace().decided(node, plan);
    // The node tells since when it waits: a new process goes on counting from there.
    Instant phaseSince = plan.memory().warmUp().map(WarmUpTimes::begin).orElse(now);
    OrphanTaints orphans = reporting.orphans().decided(node, before, plan);
    Optional<PullFailure> pull =
        PullFailure.next(
            before.notes().pullFailure(),
            new BootEvidence(node, plan.memory().boot(), now),
            reserved,
            config);
    fleet.update(
        node.name(),
        s ->
            s.decided(plan, phaseSince)
                .withNotes(s.notes().decided(inForce.number(), orphans, pull)));
    reporting.report().decided(before, fleet.state(node.name()));
    reporting.metrics().fleetSize(fleet.size());
    return new Decision(
        plan,
        plan.isConverged()
            ? 0
            : Cause.of(node, cached, inForce.number(), rules.images().turn(node.name())));
  }

  private NodePlan plan(Observation seen) {
    CompiledConfig config = seen.config();
    Instant now = seen.now();
    NodePlan decided = rules.planner().decide(seen);
    // What the brake cuts out of a plan must not be the label that a pull slot was taken for.
    NodePlan allowed = rules.brake().admit(seen.node(), config, decided, now);
    return rules.images().plan(seen.node(), seen.reserved(), config, allowed, now);
  }
}
