// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodePlan;
import io.nodeqos.node.NodeView;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.NodeReconciler.Reporting;
import io.nodeqos.reconcile.NodeReconciler.Writing;
import java.util.function.UnaryOperator;

/** Carries a plan out, in at most two patches, and tells of each that was done. */
record PlanWriter(FleetIndex fleet, Writing writing, Reporting reporting) {

  /**
   * Both patches. What other policies left goes from the status first: once the metadata no longer
   * says whose it was, nobody could tell that it is to go.
   */
  WriteResult carryOut(WorkItem item, NodeView node, NodePlan plan) {
    boolean statusFirst = !plan.summary().leaving().isEmpty();
    WriteResult first =
        statusFirst
            ? writeStatus(item, node, plan, node.meta())
            : writeMetadata(item, node, plan, node.meta());
    if (!(first instanceof WriteResult.Ok ok)) {
      return first;
    }
    NodeView.Meta base = at(node.meta(), ok);
    return statusFirst
        ? writeMetadata(item, node, plan, base)
        : writeStatus(item, node, plan, base);
  }

  private WriteResult writeMetadata(
      WorkItem item, NodeView node, NodePlan plan, NodeView.Meta base) {
    if (plan.metadata().isEmpty()) {
      return new WriteResult.Ok(base.resourceVersion());
    }
    WriteResult result =
        writing.writer().patchMetadata(base, writing.rideAlong().on(plan.metadata(), node));
    if (result instanceof WriteResult.Ok ok) {
      NodeState.Troubles troubles = fleet.state(base.name()).troubles();
      written(base, ok, s -> s.marked(reporting.clock().instant()));
      reporting.report().markedAfter(plan, troubles);
      reporting.report().marked(node, plan, item.trigger().namespace());
      reporting.trace().marked(node, plan, reporting.clock().instant());
    }
    return result;
  }

  private WriteResult writeStatus(WorkItem item, NodeView node, NodePlan plan, NodeView.Meta base) {
    if (plan.status().isEmpty()) {
      return new WriteResult.Ok(base.resourceVersion());
    }
    if (plan.status().condition().isPresent()) {
      // Before it is sent: a reply that is lost must not lift the damping of a write that is done.
      fleet.update(base.name(), s -> s.withMemory(s.memory().conditionWritten(reporting.clock().instant())));
    }
    WriteResult result = writing.writer().patchStatus(base, plan.status());
    if (result instanceof WriteResult.Ok ok) {
      written(base, ok, UnaryOperator.identity());
      reporting.report().statusWritten(node, plan, item.trigger().namespace());
    }
    return result;
  }

  private void written(NodeView.Meta base, WriteResult.Ok ok, UnaryOperator<NodeState> remember) {
    fleet.update(base.name(), remember);
    fleet.await(at(base, ok), reporting.nanoTime().getAsLong());
  }

  private static NodeView.Meta at(NodeView.Meta base, WriteResult.Ok ok) {
    return new NodeView.Meta(
        base.name(), base.uid(), ok.resourceVersion(), base.createdAt(), base.deleting());
  }
}
