// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import java.time.Instant;

/**
 * Checks each plan after the decision and before any write, and removes the changes that may not
 * happen now. Counts and quotas over the fleet belong here: a decision is about one node and has no
 * effects. Thread-safe; called by one thread at a time for one node, concurrently for different
 * nodes.
 */
public interface Admission extends NodeForgetter {
  /**
   * Returns the plan itself, or the rest of it.
   *
   * @param config the configuration that the plan was made from
   * @param plan as decided, or as changed by an earlier admission
   */
  NodePlan admit(NodeView node, CompiledConfig config, NodePlan plan, Instant now);
}
