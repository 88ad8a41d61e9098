// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.status;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import java.time.Instant;

/**
 * The state of a node by the marks that it carries.
 *
 * @param since when the condition came into its status; {@link Instant#EPOCH} without one
 */
record MarkedNode(String name, NodePhase phase, Instant since, String reason, String message) {
  static MarkedNode of(NodeView node) {
    NodeCondition none = new NodeCondition(Keys.WARMED_UP_CONDITION, "", "", "", Instant.EPOCH);
    NodeCondition condition = node.condition(Keys.WARMED_UP_CONDITION).orElse(none);
    return new MarkedNode(
        node.name(),
        phase(node, condition),
        condition.lastTransitionTime(),
        condition.reason(),
        condition.message());
  }

  private static NodePhase phase(NodeView node, NodeCondition condition) {
    boolean marked =
        "true".equals(node.labels().get(Keys.WARMED_UP))
            && node.annotations().getOrDefault(Keys.WARMED_UP_FOR, "").equals(node.incarnation());
    if (marked) {
      return NodePhase.WARM;
    }
    if (!condition.status().isEmpty()) {
      return NodePhase.WAITING;
    }
    return node.labels().containsKey(Keys.CONFIG_VERSION)
        ? NodePhase.CONFIGURED
        : NodePhase.UNMANAGED;
  }
}
