// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.node.Keys;
import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.node.plan.NodePlan.Transition;
import io.nodeqos.node.plan.StatusChange;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is left of a plan that would take a node's mark, while the brake holds: its configuration.
 * Label, taints and condition stay as they are.
 */
final class BrakedPlan {
  private BrakedPlan() {}

  /**
   * The node waits until it is known how many others want the same.
   *
   * @param until when it is to be decided again
   */
  static NodePlan settling(NodePlan plan, Instant until) {
    return held(plan, "About to lose its mark. ", Optional.of(until));
  }

  /** The brake holds; whoever ends that has the node decided again. */
  static NodePlan braked(NodePlan plan, String policy) {
    return held(
        plan,
        "Keeps its mark, as the brake of policy " + policy + " waits to be confirmed. ",
        Optional.empty());
  }

  private static NodePlan held(NodePlan plan, String why, Optional<Instant> until) {
    Summary s = plan.summary();
    // What a policy takes back goes as a whole or not at all.
    boolean takenBack = plan.transitions().contains(Transition.MARKS_REMOVED);
    MetadataChange m = takenBack ? MetadataChange.NONE : plan.metadata();
    Set<String> removed = new HashSet<>(m.removeLabels());
    removed.remove(Keys.WARMED_UP);
    Map<String, String> annotations = new HashMap<>(m.setAnnotations());
    annotations.remove(Keys.WARMING_UP_SINCE);
    annotations.remove(Keys.WARMING_UP_FOR);
    return new NodePlan(
        new Summary(
            NodePhase.WARM,
            s.configVersion(),
            Reason.WARMED_UP.code(),
            why + s.message(),
            s.matching(),
            s.sources(),
            s.deadlocks(),
            s.leaving(),
            s.orphanTaints(),
            Optional.empty()),
        new MetadataChange(
            m.setLabels(),
            Set.copyOf(removed),
            annotations,
            m.removeAnnotations(),
            Optional.empty()),
        takenBack
            ? StatusChange.NONE
            : new StatusChange(
                Optional.empty(), plan.status().setResources(), plan.status().removeResources()),
        plan.transitions().stream()
            .filter(t -> t == Transition.CONFIG_UPDATED && !takenBack)
            .toList(),
        plan.memory(),
        Stream.of(until, plan.checkAgainAt())
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder()));
  }
}
