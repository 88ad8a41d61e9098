// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.reconcile.fleet.PolicyReach;
import java.util.function.Predicate;

/** The nodes that an event of one policy concerns, by name. Thread-safe. */
public final class PolicyNodes {
  private final PolicyReach reach;
  private final MissingImages missingImages;

  public PolicyNodes(PolicyReach reach, MissingImages missingImages) {
    this.reach = reach;
    this.missingImages = missingImages;
  }

  /** The policy has changed since they were decided. */
  Predicate<String> ofChanged(String policy) {
    return reach.undecided(policy);
  }

  /** The spinner DaemonSet of the policy has changed. */
  Predicate<String> ofChangedSpinner(String policy) {
    return node -> missingImages.areOf(policy, node);
  }
}
