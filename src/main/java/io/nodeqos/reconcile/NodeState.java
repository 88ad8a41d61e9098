// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodePhase;
import io.nodeqos.node.NodePlan;
import io.nodeqos.node.NodePlan.Transition;
import java.time.Instant;
import java.util.Optional;

/**
 * What this process keeps of a node between two decisions.
 *
 * @param summary of the last decision, empty before the first
 * @param unwritten what of the last decision the node does not carry yet
 * @param since when the node came into its {@link #phase}
 * @param awaited what the cache must have reached before the node is decided again
 * @param problem the last one that was reported, so that it is reported once
 */
record NodeState(
    NodeMemory memory,
    Optional<NodePlan.Summary> summary,
    Unwritten unwritten,
    Instant since,
    Optional<Awaited> awaited,
    String problem) {
  static final NodeState NEW =
      new NodeState(
          NodeMemory.NONE,
          Optional.empty(),
          Unwritten.NOTHING,
          Instant.EPOCH,
          Optional.empty(),
          "");

  /** What of a decision has not been written (yet): on a standby, or because a write failed. */
  enum Unwritten {
    NOTHING,
    SOMETHING,
    /** The warm-up mark, and maybe more. */
    THE_MARK
  }

  /** The version that our last write gave the node, and when it was written (monotonic). */
  record Awaited(String resourceVersion, long writtenNanos) {}

  /** A write is wanted that has not been made. */
  boolean differs() {
    return unwritten != Unwritten.NOTHING;
  }

  /** The phase that the node is in, which is warm once the mark is written; empty at first. */
  Optional<NodePhase> phase() {
    return summary.map(s -> unwritten == Unwritten.THE_MARK ? NodePhase.WAITING : s.phase());
  }

  boolean isIn(NodePhase phase) {
    return phase().filter(phase::equals).isPresent();
  }

  NodeState decided(NodePlan plan, Instant now) {
    Unwritten open =
        plan.transitions().contains(Transition.WARMUP_DONE)
            ? Unwritten.THE_MARK
            : plan.isConverged() ? Unwritten.NOTHING : Unwritten.SOMETHING;
    return new NodeState(plan.memory(), Optional.of(plan.summary()), open, since, awaited, problem)
        .since(this, now);
  }

  /** The metadata patch was written: of the status the node may still lack something. */
  NodeState marked(Instant now) {
    return new NodeState(
            memory.configWritten(now), summary, Unwritten.SOMETHING, since, awaited, problem)
        .since(this, now);
  }

  /** The node carries all that was decided. */
  NodeState settled() {
    return new NodeState(memory, summary, Unwritten.NOTHING, since, awaited, "");
  }

  NodeState withMemory(NodeMemory newMemory) {
    return new NodeState(newMemory, summary, unwritten, since, awaited, problem);
  }

  NodeState withAwaited(Optional<Awaited> newAwaited) {
    return new NodeState(memory, summary, unwritten, since, newAwaited, problem);
  }

  NodeState withProblem(String newProblem) {
    return new NodeState(memory, summary, unwritten, since, awaited, newProblem);
  }

  private NodeState since(NodeState before, Instant now) {
    return before.phase().equals(phase())
        ? this
        : new NodeState(memory, summary, unwritten, now, awaited, problem);
  }
}
