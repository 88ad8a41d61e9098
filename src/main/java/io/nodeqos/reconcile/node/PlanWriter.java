// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.fleet.NodeWrites.Part;
import io.nodeqos.reconcile.fleet.NodeWrites.Unanswered;
import io.nodeqos.reconcile.fleet.WrittenThings;
import io.nodeqos.reconcile.node.NodeReconciler.Reporting;
import io.nodeqos.reconcile.node.NodeReconciler.Writing;
import io.nodeqos.reconcile.plan.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Carries a plan out and tells what was done: in at most two patches, three where one policy's
 * remains go and another's come in the same plan.
 */
record PlanWriter(FleetIndex fleet, Writing writing, Reporting reporting, WriteReport told) {

  /**
   * The metadata, then the status. Of what other policies left, that of the status goes before:
   * once the metadata no longer says whose it was, nobody could tell that it is to go; and what is
   * put there comes after, once the metadata says so.
   */
  WriteResult carryOut(WorkItem item, NodeView node, NodeDecider.Decision decision) {
    NodePlan plan = decision.plan();
    boolean leaving = !plan.summary().leaving().isEmpty();
    WriteResult before =
        leaving
            ? writeStatus(item, node, decision, plan.status().removals(), node.meta())
            : new WriteResult.Ok(node.meta().resourceVersion());
    if (!(before instanceof WriteResult.Ok removed)) {
      return before;
    }
    WriteResult metadata = writeMetadata(item, node, decision, at(node.meta(), removed));
    if (metadata instanceof WriteResult.Rejected why) {
      tellRefusal(item, node, decision, Refusal.of(plan.metadata(), why), at(node.meta(), removed));
    }
    if (!(metadata instanceof WriteResult.Ok said)) {
      return metadata;
    }
    StatusChange rest = leaving ? plan.status().additions() : plan.status();
    WriteResult result = writeStatus(item, node, decision, rest, at(node.meta(), said));
    if (result instanceof WriteResult.Ok && !rest.isEmpty()) {
      told.statusWritten(node, plan, item.trigger().namespace());
    }
    boolean onlyCondition = rest.setResources().isEmpty() && rest.removeResources().isEmpty();
    if (result instanceof WriteResult.Rejected why && !onlyCondition) {
      tellRefusal(item, node, decision, Refusal.of(rest, why), at(node.meta(), said));
    }
    return result;
  }

  /** The condition alone is written, so that it does not go on saying what is no longer so. */
  private void tellRefusal(
      WorkItem item,
      NodeView node,
      NodeDecider.Decision decision,
      Refusal refusal,
      NodeView.Meta base) {
    refusal
        .condition(
            node,
            decision.plan(),
            fleet.state(base.name()).memory().wordingSince(),
            reporting.time().steadyTime(),
            reporting.time().wallTime())
        .map(condition -> StatusChange.of(Optional.of(condition)))
        .ifPresent(change -> writeStatus(item, node, decision, change, base));
  }

  private WriteResult writeMetadata(
      WorkItem item, NodeView node, NodeDecider.Decision decision, NodeView.Meta base) {
    NodePlan plan = decision.plan();
    if (plan.metadata().isEmpty()) {
      return new WriteResult.Ok(base.resourceVersion());
    }
    String namespace = item.trigger().namespace();
    MetadataChange change = writing.rideAlong().on(plan.metadata(), node);
    WriteResult result = writing.writer().patchMetadata(base, change);
    told.tried(result, new Unanswered(Part.METADATA, base, node, plan, namespace, change::isOn));
    if (result instanceof WriteResult.Ok ok) {
      NodeState.Troubles troubles = fleet.state(base.name()).troubles();
      written(base, ok, s -> s.marked(reporting.time().steadyTime()));
      count(base, decision.cause(), WrittenThings.of(plan.metadata()), true);
      told.marked(node, plan, namespace, troubles);
    }
    return result;
  }

  private WriteResult writeStatus(
      WorkItem item,
      NodeView node,
      NodeDecider.Decision decision,
      StatusChange change,
      NodeView.Meta base) {
    NodePlan plan = decision.plan();
    if (change.isEmpty()) {
      return new WriteResult.Ok(base.resourceVersion());
    }
    if (change.condition().isPresent()) {
      // Before it is sent: a reply that is lost must not lift the damping of a write that is done.
      fleet.update(
          base.name(),
          s -> s.withMemory(s.memory().conditionWritten(reporting.time().steadyTime())));
    }
    WriteResult result = writing.writer().patchStatus(base, change);
    String namespace = item.trigger().namespace();
    told.tried(result, new Unanswered(Part.STATUS, base, node, plan, namespace, change::isOn));
    if (result instanceof WriteResult.Ok ok) {
      written(base, ok, UnaryOperator.identity());
      count(base, decision.cause(), WrittenThings.of(change), plan.metadata().isEmpty());
    }
    return result;
  }

  /** Both patches of one plan count once. */
  private void count(NodeView.Meta node, int cause, WrittenThings things, boolean counts) {
    List<String> fought =
        fleet.damping().written(node, cause, things, counts, reporting.time().nanos());
    if (!fought.isEmpty()) {
      reporting.report().damped(node, fought);
    }
  }

  private void written(NodeView.Meta base, WriteResult.Ok ok, UnaryOperator<NodeState> remember) {
    fleet.update(base.name(), remember);
    fleet.await(at(base, ok), reporting.time().nanos());
  }

  private static NodeView.Meta at(NodeView.Meta base, WriteResult.Ok ok) {
    return new NodeView.Meta(
        base.name(),
        base.uid(),
        ok.resourceVersion(),
        base.createdAt(),
        base.deleting(),
        base.statusReportedAt());
  }
}
