// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.SpinnerKey;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.reconcile.ClusterView;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The nodes of which a change of one policy can change the decision: those that it selects, now or
 * by the last decision, those that name it, and those with a startup taint, which the policy may
 * name. Thread-safe.
 */
public final class PolicyReach {
  private final ClusterView cluster;
  private final PolicyCatalog policies;
  private final FleetIndex fleet;

  public PolicyReach(ClusterView cluster, PolicyCatalog policies, FleetIndex fleet) {
    this.cluster = cluster;
    this.policies = policies;
    this.fleet = fleet;
  }

  /**
   * Those nodes that must be decided again: the last decision did not know the policy as it is now.
   * Takes the name of a node; O(1) for each.
   */
  public Predicate<String> undecided(String policy) {
    PolicySnapshot now = policies.snapshot();
    // A policy that is gone has no number of its own.
    long known = now.changedAt(policy) == 0 ? now.number() : now.changedAt(policy);
    Predicate<String> reached = of(policy);
    return node -> fleet.state(node).notes().policies() < known && reached.test(node);
  }

  /** Takes the name of a node; O(1) for each. */
  Predicate<String> of(String policy) {
    Optional<NodeQoSPolicy> inForce = policies.entry(policy).flatMap(PolicyCatalog.Entry::inForce);
    StartupTaintPrefixes taints = policies.snapshot().removals().taintPrefixes();
    return node -> {
      NodeState state = fleet.state(node);
      return state.summary().isEmpty()
          || state.isOf(policy)
          || state.summary().get().leaving().contains(policy)
          || cluster
              .node(node)
              .filter(
                  there ->
                      inForce.filter(p -> p.selects(there)).isPresent()
                          || names(there, policy)
                          || hasStartupTaint(there, taints))
              .isPresent();
    };
  }

  private static boolean names(NodeView node, String policy) {
    String config = node.annotations().getOrDefault(Keys.CONFIG, "");
    // A name that another writer has escaped is the same name.
    return config.contains('"' + policy + '"')
        || config.indexOf('\\') >= 0
        || Optional.ofNullable(node.labels().get(Keys.IMAGES))
            .filter(label -> SpinnerKey.of(label).policy().equals(policy))
            .isPresent();
  }

  private static boolean hasStartupTaint(NodeView node, StartupTaintPrefixes taints) {
    return node.taints().stream()
        .anyMatch(t -> t.effect().equals(Keys.STARTUP_TAINT_EFFECT) && taints.allow(t.key()));
  }
}
