// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodePlan;
import java.time.Instant;
import java.util.Optional;

/**
 * What this process keeps of a node between two decisions.
 *
 * @param summary of the last decision, empty before the first
 * @param differs the last decision wants a write that has not been made
 * @param since when the node came into the summary's phase
 * @param awaited what the cache must have reached before the node is decided again
 * @param problem the last one that was reported, so that it is reported once
 */
record NodeState(
    NodeMemory memory,
    Optional<NodePlan.Summary> summary,
    boolean differs,
    Instant since,
    Optional<Awaited> awaited,
    String problem) {
  static final NodeState NEW =
      new NodeState(NodeMemory.NONE, Optional.empty(), false, Instant.EPOCH, Optional.empty(), "");

  /** The version that our last write gave the node, and when it was written (monotonic). */
  record Awaited(String resourceVersion, long writtenNanos) {}

  NodeState withMemory(NodeMemory newMemory) {
    return new NodeState(newMemory, summary, differs, since, awaited, problem);
  }

  NodeState withAwaited(Optional<Awaited> newAwaited) {
    return new NodeState(memory, summary, differs, since, newAwaited, problem);
  }

  NodeState withProblem(String newProblem) {
    return new NodeState(memory, summary, differs, since, awaited, newProblem);
  }

  NodeState withDiffers(boolean newDiffers) {
    return new NodeState(memory, summary, newDiffers, since, awaited, problem);
  }

  NodeState decided(NodePlan plan, Instant now) {
    boolean samePhase = summary.isPresent() && summary.get().phase() == plan.summary().phase();
    return new NodeState(
        plan.memory(),
        Optional.of(plan.summary()),
        !plan.isConverged(),
        samePhase ? since : now,
        awaited,
        problem);
  }
}
