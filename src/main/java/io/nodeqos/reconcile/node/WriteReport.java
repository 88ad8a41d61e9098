// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.fleet.NodeWrites;
import io.nodeqos.reconcile.fleet.NodeWrites.Part;
import io.nodeqos.reconcile.fleet.NodeWrites.Unanswered;
import io.nodeqos.reconcile.node.NodeReconciler.Reporting;

/**
 * Tells what became of writes. One without a reply may have been carried out: that is told when the
 * node shows it, and only then.
 */
record WriteReport(FleetIndex fleet, Reporting reporting) {

  void tried(WriteResult result, Unanswered write) {
    if (result instanceof WriteResult.Fenced || result instanceof WriteResult.Throttled) {
      return;
    }
    String node = write.node().name();
    String outcome = result instanceof WriteResult.Ok ? "written" : result.why();
    fleet
        .writes()
        .tried(node, new NodeWrites.Write(reporting.time().wallTime(), write.part(), outcome));
    if (result instanceof WriteResult.Retry) {
      fleet.writes().unanswered(write);
    } else if (result instanceof WriteResult.Ok) {
      fleet.writes().answered(node);
    }
  }

  /** The metadata patch was written, after this much trouble. */
  void marked(NodeView node, NodePlan plan, String namespace, NodeState.Troubles troubles) {
    reporting.report().markedAfter(plan, troubles);
    reporting.report().marked(node, plan, namespace);
    reporting.trace().marked(node, plan, reporting.time().steadyTime());
  }

  void statusWritten(NodeView node, NodePlan plan, String namespace) {
    if (reporting.report().statusWritten(node, plan, namespace)) {
      waitingTold(node);
    }
  }

  /**
   * The node carries all that was decided. An Event says once a term what a node waits for: those
   * of the leader before may be lost with it.
   */
  void settled(NodeView node, NodePlan plan, String namespace) {
    if (plan.summary().waitsForGates()
        && fleet.state(node.name()).notes().waitingToldIn() != reporting.report().epoch()) {
      reporting.report().waiting(node, plan, namespace);
      waitingTold(node);
    }
  }

  private void waitingTold(NodeView node) {
    long epoch = reporting.report().epoch();
    fleet.update(node.name(), s -> s.withNotes(s.notes().waitingTold(epoch)));
  }

  /** The node has been seen: it may show a write whose reply was lost. */
  void seen(NodeView now) {
    fleet.writes().doneAfterAll(now).ifPresent(this::tell);
  }

  private void tell(Unanswered done) {
    if (done.part() == Part.METADATA) {
      marked(
          done.node(), done.plan(), done.namespace(), fleet.state(done.node().name()).troubles());
    } else {
      statusWritten(done.node(), done.plan(), done.namespace());
    }
  }
}
