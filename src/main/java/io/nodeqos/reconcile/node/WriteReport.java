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
import io.nodeqos.reconcile.fleet.WriteDamping;
import io.nodeqos.time.TimeSource;

/**
 * Reports the results of writes. A write without a reply may have succeeded: it is reported only
 * when the node shows it.
 */
public final class WriteReport {
  private final FleetIndex fleet;
  private final NodeWrites writes;
  private final NodeReport report;
  private final NodeTrace trace;
  private final TimeSource time;

  public WriteReport(
      FleetIndex fleet, NodeWrites writes, NodeReport report, NodeTrace trace, TimeSource time) {
    this.fleet = fleet;
    this.writes = writes;
    this.report = report;
    this.trace = trace;
    this.time = time;
  }

  void tried(WriteResult result, Unanswered write) {
    if (result instanceof WriteResult.Fenced || result instanceof WriteResult.Throttled) {
      return;
    }
    String node = write.node().name();
    String outcome = result instanceof WriteResult.Ok ? "written" : result.why();
    writes.tried(node, new NodeWrites.Write(time.wallTime(), write.part(), outcome));
    if (result instanceof WriteResult.Retry) {
      writes.unanswered(write);
    } else if (result instanceof WriteResult.Ok) {
      writes.answered(node);
    }
  }

  /** The metadata patch was written, after these conflicts and retries. */
  void marked(NodeView node, NodePlan plan, String namespace, NodeState.WriteRetries writeRetries) {
    report.markedAfter(plan, writeRetries);
    report.marked(node, plan, namespace);
    trace.marked(node, plan, time.steadyTime());
  }

  void statusWritten(NodeView node, NodePlan plan, String namespace) {
    if (report.statusWritten(node, plan, namespace)) {
      waitingReported(node);
    }
  }

  /**
   * The node waits, and its condition says so. An Event reports it once a term: Events of the
   * leader before may be lost.
   */
  void waits(NodeView node, NodePlan plan, String namespace) {
    if (plan.summary().waitsForGates()
        && fleet.state(node.name()).notes().waitingReportedIn() != report.epoch()) {
      report.waiting(node, plan, namespace);
      waitingReported(node);
    }
  }

  /** The node is up to date with the decision. */
  void settled(String node) {
    fleet.update(node, NodeState::settled);
    fleet.synced(time.steadyTime());
  }

  /** The node is not up to date with the decision. */
  void failed(String node, WriteResult why) {
    if (WriteResult.isTriedAgain(why)) {
      fleet.update(node, s -> s.withTrouble(why instanceof WriteResult.Conflict));
    }
  }

  /** Values were written too often. */
  void fought(NodeView.Meta node, WriteDamping.Fight fight) {
    report.damped(node, fight);
  }

  private void waitingReported(NodeView node) {
    long epoch = report.epoch();
    fleet.update(node.name(), s -> s.withNotes(s.notes().waitingReported(epoch)));
  }

  /** A node was read: it may show a write whose reply was lost. */
  void seen(NodeView now) {
    writes.doneAfterAll(now).ifPresent(this::tell);
  }

  private void tell(Unanswered done) {
    if (done.part() == Part.METADATA) {
      marked(
          done.node(),
          done.plan(),
          done.namespace(),
          fleet.state(done.node().name()).writeRetries());
    } else {
      statusWritten(done.node(), done.plan(), done.namespace());
    }
  }
}
