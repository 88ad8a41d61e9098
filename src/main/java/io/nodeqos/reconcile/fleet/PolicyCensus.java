// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.ClusterView;
import java.util.Optional;

/**
 * Counts the nodes of a policy. A node counts as configured only if its last decision was made with
 * the present version of the policy, and follows it: a decision with an earlier version is no
 * evidence, and a rollout lets nodes follow an earlier revision.
 */
public final class PolicyCensus {
  private final ClusterView cluster;
  private final PolicyCatalog policies;
  private final FleetIndex fleet;

  public PolicyCensus(ClusterView cluster, PolicyCatalog policies, FleetIndex fleet) {
    this.cluster = cluster;
    this.policies = policies;
    this.fleet = fleet;
  }

  /**
   * O(different shares of nodes), which are few; O(nodes) while a node was not decided with the
   * present version of the policy.
   */
  public PolicyCounts of(PolicyCatalog.Entry entry) {
    String policy = entry.latest().name();
    long since =
        entry.latest().meta().deleting() || entry.inForce().isEmpty()
            ? 0
            : policies.snapshot().inForceSince(policy);
    // A new node is not decided yet, one that is gone not forgotten yet.
    return Optional.of(fleet)
        .filter(all -> all.size() == cluster.nodeCount())
        .flatMap(all -> all.counts(policy, since))
        .orElseGet(() -> byNode(entry, since));
  }

  private PolicyCounts byNode(PolicyCatalog.Entry entry, long since) {
    String policy = entry.latest().name();
    PolicyCounts.Sum sum = new PolicyCounts.Sum();
    for (String node : cluster.nodeNames()) {
      NodeState state = fleet.state(node);
      boolean seen = state.notes().policies() >= since;
      boolean matched = seen ? state.isOf(policy) : isSelected(entry.inForce(), cluster.node(node));
      if (matched) {
        NodeShare share = NodeShare.of(state);
        sum.add(share.count(), seen, !share.outdated().contains(policy));
        share
            .pullFailure()
            .filter(failure -> failure.policy().equals(policy))
            .ifPresent(failure -> sum.addPullFailure(node, failure));
      }
    }
    return sum.counts();
  }

  private static boolean isSelected(Optional<NodeQoSPolicy> policy, Optional<NodeView> node) {
    return policy.isPresent() && node.filter(policy.get()::selects).isPresent();
  }
}
