// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import java.util.Optional;

/**
 * A policy of which nodes follow more than one revision. Immutable.
 *
 * @param versions of the policy
 */
public record PolicyRollout(PolicyVersions versions) {
  public String policy() {
    return versions.target().name();
  }

  /** The revision of the version in force. */
  public String target() {
    return versions.target().revision();
  }

  /** False when the stable revision is not recorded: then the nodes that follow it are frozen. */
  public boolean isStableKnown() {
    return versions.isRecorded(versions.stable());
  }

  public boolean selects(NodeView node) {
    return versions.target().selects(node);
  }

  /** The revision of a node before the rollout, and after a rollback; empty for none. */
  public String stableFor(NodeView node) {
    return versions.stableFor(node);
  }

  /** The revision that a node carries or joins with; empty for none. */
  public String carriedBy(NodeView node) {
    String recorded = ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG)).get(policy());
    return versions.of(node, Optional.empty(), recorded);
  }
}
