// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.CompiledConfig.Revisions;
import io.nodeqos.policy.rollout.NodeMoves;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which version of each policy a node follows. Thread-safe.
 *
 * @param versions by name of the policy, for those that not all nodes follow alike
 * @param moves changes while a rollout is under way
 */
record Rollouts(Map<String, PolicyVersions> versions, NodeMoves moves) {
  Rollouts {
    versions = Map.copyOf(versions);
  }

  /**
   * The versions that a node follows.
   *
   * @param names of the versions: equal for the same versions
   */
  record Followed(List<NodeQoSPolicy> versions, List<String> names, Revisions revisions) {}

  /**
   * @param matching the policies that select the node, in order of precedence
   */
  Followed follow(NodeView node, List<NodeQoSPolicy> matching) {
    Map<String, String> recorded = ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG));
    boolean isUsual =
        recorded.isEmpty()
            && (versions.isEmpty()
                || matching.stream().noneMatch(p -> versions.containsKey(p.name())));
    if (isUsual) {
      return new Followed(
          matching, matching.stream().map(NodeQoSPolicy::name).toList(), Revisions.NONE);
    }
    List<NodeQoSPolicy> followed = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Map<String, String> toRecord = new HashMap<>();
    Set<String> outdated = new HashSet<>();
    for (NodeQoSPolicy policy : matching) {
      String carried = recorded.get(policy.name());
      String revision = revision(node, policy, carried);
      PolicyVersions known = versions.get(policy.name());
      followed.add(known == null ? policy : known.version(revision));
      names.add(known == null ? policy.name() : policy.name() + "@" + revision);
      // An entry that is true is kept: its removal would be a write.
      boolean isStable = known == null || known.stableFor(node).equals(revision);
      if (!revision.isEmpty() && (!isStable || revision.equals(carried))) {
        toRecord.put(policy.name(), revision);
      }
      if (!revision.equals(policy.revision())) {
        outdated.add(policy.name());
      }
    }
    return new Followed(
        List.copyOf(followed), List.copyOf(names), new Revisions(toRecord, outdated));
  }

  /** The revision of a policy that the node follows; empty when the policy does not apply yet. */
  String revision(NodeView node, NodeQoSPolicy policy) {
    Map<String, String> recorded = ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG));
    return revision(node, policy, recorded.get(policy.name()));
  }

  private String revision(NodeView node, NodeQoSPolicy policy, String carried) {
    PolicyVersions known = versions.get(policy.name());
    return known == null
        ? policy.revision()
        : known.of(node, moves.of(policy.name(), node.name()), carried);
  }
}
