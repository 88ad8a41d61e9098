// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyRollout;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The end of the rollouts that an edit starts: in a catalog that is there to be looked at, nodes
 * follow the revision that they have after the last step. Rollouts that are under way without the
 * edit stay where they are.
 */
public final class TargetRevisions {
  private TargetRevisions() {}

  /**
   * Gives nodes the target revisions.
   *
   * @param without the policies without the edit
   * @param with the policies with it; their nodes are moved
   * @param edited names of policies
   */
  public static void give(
      PolicyCatalog without,
      PolicyCatalog with,
      Collection<String> edited,
      Collection<NodeView> nodes) {
    for (String name : edited) {
      Optional<NodeQoSPolicy> before = inForce(without, name);
      with.snapshot()
          .rollout(name)
          .ifPresent(
              rollout ->
                  nodes.stream()
                      .filter(node -> rollout.selects(node) && isNew(rollout, before, node))
                      .forEach(node -> with.moves().move(name, node.name(), rollout.target())));
    }
  }

  /** True when the rollout, or its effect on this node, starts with the edit. */
  static boolean isNew(PolicyRollout rollout, Optional<NodeQoSPolicy> before, NodeView node) {
    return before
        .filter(policy -> policy.revision().equals(rollout.target()))
        .filter(policy -> policy.spec().rollout().isPresent())
        .filter(policy -> policy.selects(node))
        .isEmpty();
  }

  /** The rollouts that an edit starts or widens, in the order of the names. */
  public static List<PolicyRollout> started(
      PolicyCatalog without,
      PolicyCatalog with,
      Collection<String> edited,
      Collection<NodeView> nodes) {
    return edited.stream()
        .sorted()
        .flatMap(name -> with.snapshot().rollout(name).stream())
        .filter(
            rollout -> {
              Optional<NodeQoSPolicy> before = inForce(without, rollout.policy());
              return nodes.stream().anyMatch(n -> rollout.counts(n) && isNew(rollout, before, n));
            })
        .toList();
  }

  private static Optional<NodeQoSPolicy> inForce(PolicyCatalog policies, String name) {
    return policies.snapshot().inForce().stream().filter(p -> p.name().equals(name)).findFirst();
  }
}
