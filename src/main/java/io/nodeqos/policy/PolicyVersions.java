// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.LabelSelector;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The versions of one policy, one for each revision, while not all nodes follow the version in
 * force. Each has the present priority, node selector, suspension and deletion policy: these act at
 * once.
 *
 * @param target the version in force
 * @param others the versions of all other known revisions
 * @param stable the revision that was completed last; empty when the policy is new
 * @param stableSelector of the version with the stable revision
 * @param joining the revision of nodes that are created later than this; empty: the stable one
 */
public record PolicyVersions(
    NodeQoSPolicy target,
    Map<String, NodeQoSPolicy> others,
    String stable,
    LabelSelector stableSelector,
    Optional<Instant> joining) {
  /** No revision: the policy does not apply yet. */
  static final String NONE = "";

  public PolicyVersions {
    others = Map.copyOf(others);
  }

  /**
   * The revision that a node follows. It keeps the one that it carries until the leader moves it.
   *
   * @param moved the revision that the leader has given it
   * @param recorded the revision that it carries; null for the stable one
   */
  String of(NodeView node, Optional<String> moved, String recorded) {
    return moved
        .filter(this::isKnown)
        .or(() -> Optional.ofNullable(recorded).filter(this::isKnown))
        .orElseGet(() -> joins(node) ? target.revision() : stableFor(node));
  }

  /** The revision of a node that has not been moved. */
  String stableFor(NodeView node) {
    return stableSelector.matches(node.labels()) ? stable : NONE;
  }

  /** The version of a revision that is known. */
  NodeQoSPolicy version(String revision) {
    if (revision.equals(target.revision())) {
      return target;
    }
    NodeQoSPolicy known = others.get(revision);
    // Without its record nothing can be said about it: the node stays as it is.
    return known == null ? target.suspended(revision) : known;
  }

  boolean isRecorded(String revision) {
    return revision.equals(target.revision()) || others.containsKey(revision);
  }

  private boolean isKnown(String revision) {
    return revision.equals(NONE) || revision.equals(stable) || isRecorded(revision);
  }

  private boolean joins(NodeView node) {
    return joining.filter(since -> node.meta().createdAt().isAfter(since)).isPresent();
  }
}
