// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.rollout.RolloutSpec;
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

  /** The strategy in force. */
  public RolloutSpec spec() {
    return versions.target().spec().rollout().orElseThrow();
  }

  /** True while the policy is suspended, so that no node gets another revision. */
  public boolean isSuspended() {
    return versions.target().spec().suspend();
  }

  /** The revision that was completed last; empty when the policy is new. */
  public String stable() {
    return versions.stable();
  }

  /**
   * The version of the stable revision, without sections when the policy is new; empty when its
   * record is gone.
   */
  public Optional<NodeQoSPolicy> stableVersion() {
    return versions.stable().equals(target())
        ? Optional.of(versions.target())
        : Optional.ofNullable(versions.others().get(versions.stable()));
  }

  public boolean selects(NodeView node) {
    return versions.target().selects(node);
  }

  /**
   * True for the nodes that the steps count. A node without capacity has no tenants, and cannot be
   * configured.
   */
  public boolean counts(NodeView node) {
    return selects(node)
        && !node.meta().deleting()
        && node.hasCapacity()
        && !stableFor(node).equals(target());
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
