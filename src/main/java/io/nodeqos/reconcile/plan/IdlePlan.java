// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The plan for a node that stays as it is. */
final class IdlePlan {
  private IdlePlan() {}

  static NodePlan of(Observation seen, NodePhase phase, String message) {
    CompiledConfig config = seen.config();
    return NodePlan.none(
        Summary.of(phase)
            .because("", message)
            .withVersion(carriedVersion(seen.node()))
            .withPolicies(config.matching(), config.contributing()),
        seen.memory().withClosedSince(Map.of()));
  }

  /**
   * @param policy the policy that causes it, empty without one
   */
  static NodePlan frozen(Observation seen, Freeze.Cause cause, String policy) {
    String carried = carriedVersion(seen.node());
    // No valid version of the policy is known, so the present one on the node counts as current.
    boolean current =
        cause == Freeze.Cause.INVALID
            ? !carried.isEmpty()
            : carried.equals(seen.config().version());
    NodePlan idle = of(seen, carriedPhase(seen.node(), seen.config()), "");
    return idle.withSummary(idle.summary().frozen(new Freeze(cause, policy, current)));
  }

  /** An invalid policy without a known valid version whose configuration the node carries. */
  static Optional<String> unreadableSource(Observation seen) {
    Set<String> unknown = seen.policies().unknown();
    String annotation = seen.node().annotations().get(Keys.CONFIG);
    if (unknown.isEmpty() || annotation == null) {
      return Optional.empty();
    }
    return ConfigAnnotation.sources(annotation).stream()
        .filter(unknown::contains)
        .sorted()
        .findFirst();
  }

  private static String carriedVersion(NodeView node) {
    return node.labels().getOrDefault(Keys.CONFIG_VERSION, "");
  }

  private static NodePhase carriedPhase(NodeView node, CompiledConfig config) {
    if (WarmUpMark.of(node).state() == WarmUpMark.State.VALID) {
      return NodePhase.WARM;
    }
    boolean isWarmedUp =
        config.sections().warmUp().isPresent() || WarmedUpCondition.of(node).isWaiting();
    return isWarmedUp ? NodePhase.WAITING : NodePhase.CONFIGURED;
  }
}
