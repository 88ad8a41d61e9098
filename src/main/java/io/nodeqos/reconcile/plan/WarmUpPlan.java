// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.plan.NodePlan.Summary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The warm-up half of a plan.
 *
 * @param summary with the reason and message of the condition, written or not; without policies and
 *     versions
 * @param condition the condition to write, empty when it stays
 */
record WarmUpPlan(
    Summary summary,
    MetadataChange metadata,
    Optional<NodeCondition> condition,
    List<PlannedTransition> transitions,
    NodeMemory memory,
    Optional<Instant> checkAgainAt) {

  /** No policy warms the node up. */
  static WarmUpPlan none(Summary summary, NodeMemory memory) {
    return new WarmUpPlan(
        summary,
        MetadataChange.NONE,
        Optional.empty(),
        List.of(),
        memory
            .withOpenSince(Optional.empty())
            .withWarmUp(Optional.empty())
            .withClosedSince(Map.of()),
        Optional.empty());
  }

  /** The same for a node that is still warm and loses its mark, for this cause. */
  WarmUpPlan losing(MetadataChange change, PlannedTransition cause) {
    return new WarmUpPlan(
        summary,
        change,
        condition,
        Stream.concat(Stream.of(cause), transitions.stream()).toList(),
        memory,
        checkAgainAt);
  }

  boolean waits() {
    return summary.phase() == NodePhase.WAITING;
  }

  boolean takesMark() {
    return transitions.stream().anyMatch(PlannedTransition::takesMark);
  }
}
