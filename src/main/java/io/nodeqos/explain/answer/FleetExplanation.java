// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.answer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Why nodes are not warm, summed by cause.
 *
 * @param policy the policy whose nodes these are; empty for all nodes
 * @param policyState sentences about the policy itself, or about all policies
 * @param warm nodes that are warm
 * @param groups the largest first; a node that waits for several objects is in several groups
 * @param missing sentences about facts that could not be read
 */
public record FleetExplanation(
    String policy,
    List<String> policyState,
    Instant at,
    int nodes,
    int warm,
    List<Group> groups,
    List<String> missing) {

  /**
   * Nodes with the same cause.
   *
   * @param blocker the object, or a clause
   * @param reason CamelCase
   * @param detail one word about the pod of the first node, such as {@code CrashLoopBackOff}; empty
   *     when it was not read
   * @param since of the node that has waited longest; empty when not known
   * @param nodes their names, those that have waited longest first
   */
  public record Group(
      String blocker, String reason, String detail, Optional<Instant> since, List<String> nodes) {
    public Group {
      nodes = List.copyOf(nodes);
    }

    /** The same with the detail of an explanation of its first node. */
    public Group detailed(Explanation first) {
      return first.causes().stream()
          .filter(cause -> cause.peers().object().equals(blocker))
          .findFirst()
          .map(cause -> new Group(blocker, reason, cause.reason(), since, nodes))
          .orElse(this);
    }
  }

  public FleetExplanation {
    policyState = List.copyOf(policyState);
    groups = List.copyOf(groups);
    missing = List.copyOf(missing);
  }

  /** The same with other groups. */
  public FleetExplanation withGroups(List<Group> others) {
    return new FleetExplanation(policy, policyState, at, nodes, warm, others, missing);
  }

  /** 0 when there are nodes, and all of them are warm. */
  public int exitCode() {
    return nodes > 0 && warm == nodes ? 0 : Explanation.NOT_WARM;
  }
}
