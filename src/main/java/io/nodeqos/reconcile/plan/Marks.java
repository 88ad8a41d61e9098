// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The warm-up half of a plan.
 *
 * @param condition as it shall be written, empty when it stays as it is
 * @param reason and message: of the condition, written or not
 * @param deadlocks DaemonSets that the startup taint keeps off, though a gate waits for their pods
 */
record Marks(
    NodePhase phase,
    String reason,
    String message,
    MetadataChange metadata,
    Optional<NodeCondition> condition,
    List<Transition> transitions,
    NodeMemory memory,
    Optional<Instant> checkAgainAt,
    List<String> deadlocks) {

  Marks(
      NodePhase phase,
      String reason,
      String message,
      MetadataChange metadata,
      Optional<NodeCondition> condition,
      List<Transition> transitions,
      NodeMemory memory,
      Optional<Instant> checkAgainAt) {
    this(phase, reason, message, metadata, condition, transitions, memory, checkAgainAt, List.of());
  }

  /** The same for a node that is warm still and loses its mark, for this cause. */
  Marks losing(MetadataChange change, Transition cause) {
    List<Transition> all = new ArrayList<>(List.of(cause));
    all.addAll(transitions);
    return new Marks(
        phase,
        reason,
        message,
        change,
        condition,
        List.copyOf(all),
        memory,
        checkAgainAt,
        deadlocks);
  }

  boolean takesMark() {
    return transitions.stream().anyMatch(Transition::takesMark);
  }

  Marks withDeadlocks(List<String> names) {
    return new Marks(
        phase, reason, message, metadata, condition, transitions, memory, checkAgainAt, names);
  }
}
