// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.rollout.RolloutJson;
import java.util.Map;

/**
 * The writes that take a node back to the stable revision of a policy. The brake never holds one of
 * them: it would keep the node on a revision that has failed.
 */
final class WayBack {
  private WayBack() {}

  /**
   * True when the node carries the target of a rollback and gets the stable revision with the
   * configuration.
   */
  static boolean isTaken(NodeView node, CompiledConfig config, PolicyCatalog policies) {
    for (Map.Entry<String, String> carried :
        ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG)).entrySet()) {
      String policy = carried.getKey();
      // Of an outdated policy a node follows another revision than the target.
      if (config.revisions().outdated().contains(policy)
          && isTargetOfRollback(policies, policy, carried.getValue())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTargetOfRollback(
      PolicyCatalog policies, String policy, String revision) {
    return policies
        .entry(policy)
        .flatMap(entry -> RolloutJson.in(entry.latest().status()))
        .filter(state -> state.phase().isBack())
        .filter(state -> state.revisions().target().equals(revision))
        .isPresent();
  }
}
