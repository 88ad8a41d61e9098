// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.fleet.NodeWrites.Part;
import io.nodeqos.reconcile.fleet.NodeWrites.Unanswered;
import io.nodeqos.reconcile.fleet.WriteDamping;
import io.nodeqos.reconcile.fleet.WrittenKeys;
import io.nodeqos.reconcile.node.NodeDecider.Decision;
import io.nodeqos.reconcile.plan.WriteRefusal;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Writes a plan and reports the result: in at most two patches, or three when the plan removes the
 * leftovers of one policy and adds the state of another.
 */
public final class PlanWriter {
  private final NodeWriter writer;
  private final WriteAnnotations writeAnnotations;
  private final FleetIndex fleet;
  private final WriteDamping damping;
  private final WriteReport report;
  private final TimeSource time;

  public PlanWriter(
      NodeWriter writer,
      WriteAnnotations writeAnnotations,
      FleetIndex fleet,
      WriteDamping damping,
      WriteReport report,
      TimeSource time) {
    this.writer = writer;
    this.writeAnnotations = writeAnnotations;
    this.fleet = fleet;
    this.damping = damping;
    this.report = report;
    this.time = time;
  }

  /**
   * How long the write has to wait because it belongs to a fight or a loop; empty when it does not.
   */
  Optional<Duration> pause(Decision decision) {
    return damping.pause(
        decision.seen().node().meta(),
        decision.cause(),
        WrittenKeys.of(decision.plan()),
        time.nanos());
  }

  /**
   * Writes the metadata, then the status. Leftovers of other policies in the status are removed
   * first: the metadata records their policy, and without it no process could decide that they must
   * go. Additions to the status come last, after the metadata records them.
   *
   * @param namespace namespace of the pod that triggered it, empty without one
   */
  WriteResult carryOut(Decision decision, String namespace) {
    NodeView node = decision.seen().node();
    NodePlan plan = decision.plan();
    boolean leaving = !plan.summary().leaving().isEmpty();
    WriteResult before =
        leaving
            ? writeStatus(decision, namespace, plan.status().removals(), node.meta())
            : new WriteResult.Ok(node.meta().resourceVersion());
    if (!(before instanceof WriteResult.Ok removed)) {
      return before;
    }
    WriteResult metadata = writeMetadata(decision, namespace, at(node.meta(), removed));
    if (metadata instanceof WriteResult.Rejected why) {
      tellRefusal(
          decision, namespace, WriteRefusal.of(plan.metadata(), why), at(node.meta(), removed));
    }
    if (!(metadata instanceof WriteResult.Ok said)) {
      return metadata;
    }
    StatusChange rest = leaving ? plan.status().additions() : plan.status();
    WriteResult result = writeStatus(decision, namespace, rest, at(node.meta(), said));
    if (result instanceof WriteResult.Ok && !rest.isEmpty()) {
      report.statusWritten(node, plan, namespace);
    }
    boolean onlyCondition = rest.setResources().isEmpty() && rest.removeResources().isEmpty();
    if (result instanceof WriteResult.Rejected why && !onlyCondition) {
      tellRefusal(decision, namespace, WriteRefusal.of(rest, why), at(node.meta(), said));
    }
    return result;
  }

  /** Writes the condition alone, so that it does not keep an outdated statement. */
  private void tellRefusal(
      Decision decision, String namespace, WriteRefusal refusal, NodeView.Meta base) {
    refusal
        .condition(
            decision.seen().node(),
            decision.plan(),
            fleet.state(base.name()).memory().wordingSince(),
            time.steadyTime(),
            time.wallTime())
        .map(condition -> StatusChange.of(Optional.of(condition)))
        .ifPresent(change -> writeStatus(decision, namespace, change, base));
  }

  private WriteResult writeMetadata(Decision decision, String namespace, NodeView.Meta base) {
    NodeView node = decision.seen().node();
    NodePlan plan = decision.plan();
    if (plan.metadata().isEmpty()) {
      return new WriteResult.Ok(base.resourceVersion());
    }
    MetadataChange change = writeAnnotations.on(plan.metadata(), node);
    WriteResult result = writer.patchMetadata(base, change);
    report.tried(result, new Unanswered(Part.METADATA, base, node, plan, namespace, change::isOn));
    if (result instanceof WriteResult.Ok ok) {
      NodeState.WriteRetries writeRetries = fleet.state(base.name()).writeRetries();
      written(base, ok, s -> s.marked(time.steadyTime()));
      count(base, decision.cause(), WrittenKeys.of(plan.metadata()), true);
      report.marked(node, plan, namespace, writeRetries);
    }
    return result;
  }

  private WriteResult writeStatus(
      Decision decision, String namespace, StatusChange change, NodeView.Meta base) {
    NodeView node = decision.seen().node();
    NodePlan plan = decision.plan();
    if (change.isEmpty()) {
      return new WriteResult.Ok(base.resourceVersion());
    }
    if (change.condition().isPresent()) {
      // Before it is sent: a lost reply must not lift the damping of a successful write.
      fleet.update(base.name(), s -> s.withMemory(s.memory().conditionWritten(time.steadyTime())));
    }
    WriteResult result = writer.patchStatus(base, change);
    report.tried(result, new Unanswered(Part.STATUS, base, node, plan, namespace, change::isOn));
    if (result instanceof WriteResult.Ok ok) {
      written(base, ok, UnaryOperator.identity());
      count(base, decision.cause(), WrittenKeys.of(change), plan.metadata().isEmpty());
    }
    return result;
  }

  /** Both patches of one plan count once. */
  private void count(NodeView.Meta node, int cause, WrittenKeys things, boolean counts) {
    damping
        .written(node, cause, things, counts, time.nanos())
        .ifPresent(fight -> report.fought(node, fight));
  }

  private void written(NodeView.Meta base, WriteResult.Ok ok, UnaryOperator<NodeState> remember) {
    fleet.update(base.name(), remember);
    fleet.await(at(base, ok), time.nanos());
  }

  private static NodeView.Meta at(NodeView.Meta base, WriteResult.Ok ok) {
    return new NodeView.Meta(
        base.name(),
        base.uid(),
        ok.resourceVersion(),
        base.createdAt(),
        base.deleting(),
        base.statusReportedAt(),
        base.conditionWrittenAt());
  }
}
