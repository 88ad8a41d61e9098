// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.reconcile.plan.OrphanTaints;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of a node that this process keeps between two decisions.
 *
 * @param summary of the last decision, empty before the first
 * @param unwritten the part of the last decision that is not written to the node yet
 * @param since when the node came into its {@link #phase}, as far as known
 * @param awaited the version that the cache must reach before the node is decided again
 * @param problem the last reported problem, so that it is reported once
 * @param writeRetries that writes had since the node came into its phase
 * @param notes further findings of the last decision
 */
public record NodeState(
    NodeMemory memory,
    Optional<NodePlan.Summary> summary,
    Unwritten unwritten,
    Instant since,
    Optional<Awaited> awaited,
    String problem,
    WriteRetries writeRetries,
    DecisionNotes notes) {
  static final NodeState NEW =
      new NodeState(
          NodeMemory.NONE,
          Optional.empty(),
          Unwritten.NOTHING,
          Instant.EPOCH,
          Optional.empty(),
          "",
          WriteRetries.NONE,
          DecisionNotes.NONE);

  /** The part of a decision that is not written yet: on a standby, or because a write failed. */
  enum Unwritten {
    NOTHING,
    SOMETHING,
    /** The warm-up mark, and maybe more. */
    MARK,
    /**
     * The removal of the mark, because a gate has closed or its policy removes it, and maybe more.
     */
    MARK_REMOVAL
  }

  /** The resourceVersion after our last write, and the time of that write (monotonic). */
  public record Awaited(String resourceVersion, long writtenNanos) {}

  /**
   * Counts of writes that have to be tried again.
   *
   * @param conflicts writes that met a changed node
   * @param retries all writes that have to be tried again
   */
  public record WriteRetries(int conflicts, int retries) {
    static final WriteRetries NONE = new WriteRetries(0, 0);
  }

  /**
   * @param policies number of the policy snapshot of the last decision
   * @param waitingReportedIn the last term of this process in which an Event reported the blockers
   *     of the node, 0 before the first
   * @param pullFailure an image that cannot be pulled
   */
  public record DecisionNotes(
      long policies,
      OrphanTaints orphans,
      long waitingReportedIn,
      Optional<PullFailure> pullFailure) {
    public static final DecisionNotes NONE =
        new DecisionNotes(-1, OrphanTaints.NONE, 0, Optional.empty());

    public DecisionNotes decided(
        long newPolicies, OrphanTaints newOrphans, Optional<PullFailure> newFailure) {
      return new DecisionNotes(newPolicies, newOrphans, waitingReportedIn, newFailure);
    }

    public DecisionNotes waitingReported(long epoch) {
      return new DecisionNotes(policies, orphans, epoch, pullFailure);
    }
  }

  /** The state of a node after one decision, without a memory of earlier ones. */
  public static NodeState of(NodePlan plan) {
    return NEW.decided(plan, Instant.EPOCH);
  }

  /** The last decision requires a write that is not done yet. */
  public boolean differs() {
    return unwritten != Unwritten.NOTHING;
  }

  /** The phase that the node is in: warm while the mark is written on it; empty at first. */
  public Optional<NodePhase> phase() {
    return summary.map(
        s ->
            switch (unwritten) {
              case MARK -> NodePhase.WAITING;
              case MARK_REMOVAL -> NodePhase.WARM;
              case NOTHING, SOMETHING -> s.phase();
            });
  }

  /** Why the node is frozen, if it is. */
  public Optional<Freeze> freeze() {
    return summary.flatMap(NodePlan.Summary::freeze);
  }

  /** The policy selects the node, by the last decision. */
  boolean isOf(String policy) {
    return summary.isPresent() && summary.get().matching().contains(policy);
  }

  public boolean isIn(NodePhase phase) {
    return phase().filter(phase::equals).isPresent();
  }

  /**
   * @param phaseSince when the node came into its phase, if the phase has changed
   */
  public NodeState decided(NodePlan plan, Instant phaseSince) {
    Unwritten open =
        plan.transitions().contains(PlannedTransition.WARMUP_DONE)
            ? Unwritten.MARK
            : plan.takesMark()
                ? Unwritten.MARK_REMOVAL
                : plan.isConverged() ? Unwritten.NOTHING : Unwritten.SOMETHING;
    return new NodeState(
            plan.memory(),
            Optional.of(plan.summary()),
            open,
            since,
            awaited,
            problem,
            writeRetries,
            notes)
        .since(this, phaseSince);
  }

  /** The metadata patch was written; the status patch may still be missing. */
  public NodeState marked(Instant now) {
    return new NodeState(
            memory.configWritten(now),
            summary,
            Unwritten.SOMETHING,
            since,
            awaited,
            problem,
            writeRetries,
            notes)
        .since(this, now);
  }

  /** The node is up to date with the last decision. */
  public NodeState settled() {
    return new NodeState(
        memory, summary, Unwritten.NOTHING, since, awaited, "", writeRetries, notes);
  }

  public NodeState withMemory(NodeMemory newMemory) {
    return new NodeState(
        newMemory, summary, unwritten, since, awaited, problem, writeRetries, notes);
  }

  public NodeState withAwaited(Optional<Awaited> newAwaited) {
    return new NodeState(
        memory, summary, unwritten, since, newAwaited, problem, writeRetries, notes);
  }

  public NodeState withProblem(String newProblem) {
    return new NodeState(
        memory, summary, unwritten, since, awaited, newProblem, writeRetries, notes);
  }

  public NodeState withNotes(DecisionNotes newNotes) {
    return new NodeState(
        memory, summary, unwritten, since, awaited, problem, writeRetries, newNotes);
  }

  /** A write has to be tried again. */
  public NodeState withTrouble(boolean conflict) {
    return new NodeState(
        memory,
        summary,
        unwritten,
        since,
        awaited,
        problem,
        new WriteRetries(writeRetries.conflicts() + (conflict ? 1 : 0), writeRetries.retries() + 1),
        notes);
  }

  private NodeState since(NodeState before, Instant now) {
    return before.phase().equals(phase())
        ? this
        : new NodeState(
            memory, summary, unwritten, now, awaited, problem, WriteRetries.NONE, notes);
  }
}
