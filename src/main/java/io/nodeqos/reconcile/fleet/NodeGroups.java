// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many nodes count alike: a fleet has few different shares, so that the counts of a policy need
 * not look at each node. Thread-safe; a count is of one moment.
 */
final class NodeGroups {
  private final Map<Group, Integer> sizes = new HashMap<>();

  /**
   * Nodes that count alike for each policy.
   *
   * @param policies number of the policy snapshot of the last decision
   */
  private record Group(NodeShare share, long policies) {
    static Group of(NodeState state) {
      return new Group(NodeShare.of(state), state.notes().policies());
    }
  }

  void added(NodeState state) {
    change(Group.of(state), 1);
  }

  void removed(NodeState state) {
    change(Group.of(state), -1);
  }

  void changed(NodeState before, NodeState now) {
    Group from = Group.of(before);
    Group to = Group.of(now);
    if (!from.equals(to)) {
      move(from, to);
    }
  }

  private synchronized void move(Group from, Group to) {
    change(from, -1);
    change(to, 1);
  }

  private synchronized void change(Group group, int by) {
    // A group of none is no group.
    sizes.merge(group, by, (size, more) -> size + more == 0 ? null : size + more);
  }

  /**
   * O(groups).
   *
   * @param since number of the first snapshot with the present version of the policy
   * @return empty where nodes must be looked at: one was decided before, or cannot pull an image of
   *     the policy
   */
  synchronized Optional<PolicyCounts> counts(String policy, long since) {
    PolicyCounts.Sum sum = new PolicyCounts.Sum();
    for (Map.Entry<Group, Integer> entry : sizes.entrySet()) {
      Group group = entry.getKey();
      NodeShare share = group.share();
      if (group.policies() < since
          || share.pullFailure().filter(f -> f.policy().equals(policy)).isPresent()) {
        return Optional.empty();
      }
      if (share.matching().contains(policy)) {
        sum.add(entry.getValue(), share.count(), true, !share.outdated().contains(policy));
      }
    }
    return Optional.of(sum.counts());
  }
}
