// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.node.Keys;
import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.plan.StatusChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rest of a plan that would remove a node's mark, while the brake holds: its configuration.
 * Label, taints and condition stay as they are.
 */
final class BrakedPlan {
  private BrakedPlan() {}

  /**
   * The node waits until the number of other nodes with the same change is known.
   *
   * @param until when it is decided again
   */
  static NodePlan settling(NodePlan plan, Instant until) {
    return held(plan, "The node is about to lose its mark. ", Optional.of(until));
  }

  /** The brake holds; the end of the episode queues the node again. */
  static NodePlan braked(NodePlan plan, String policy) {
    return held(
        plan,
        "The node keeps its mark: the brake of policy " + policy + " waits for a confirmation. ",
        Optional.empty());
  }

  private static NodePlan held(NodePlan plan, String why, Optional<Instant> until) {
    NodePlan held =
        plan.withSummary(
                plan.summary()
                    .in(NodePhase.WARM)
                    .because(Reason.WARMED_UP.code(), why + plan.summary().message()))
            .checkNoLaterThan(until);
    if (plan.transitions().contains(PlannedTransition.MARKS_REMOVED)) {
      // A policy that cleans a node removes all of its state or none of it.
      return held.withBase(MetadataChange.NONE)
          .withStatus(StatusChange.NONE)
          .withTransitions(List.of());
    }
    return held.withBase(
            plan.base().sparing(Set.of(Keys.WARMED_UP)).sparing(Keys.WARM_UP_ANNOTATIONS))
        .withStatus(plan.status().ofResources())
        .withTransitions(
            plan.transitions().stream()
                .filter(t -> t == PlannedTransition.CONFIG_UPDATED)
                .toList());
  }
}
