// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import java.time.Instant;

/**
 * Looks at each plan after it was decided and before anything is written, and takes out of it what
 * may not happen now. Counting and rationing over the fleet belong here: a decision is about one
 * node and has no effects. Thread-safe; called in turn for one node, at once for different ones.
 */
public interface Admission extends NodeForgetter {
  /**
   * Returns the plan itself, or what is left of it.
   *
   * @param config that the plan was made of
   * @param plan as decided, or as an earlier admission has left it
   */
  NodePlan admit(NodeView node, CompiledConfig config, NodePlan plan, Instant now);
}
