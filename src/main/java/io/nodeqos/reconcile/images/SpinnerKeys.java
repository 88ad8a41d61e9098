// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.node.SpinnerKey;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.spec.PolicySpec.Images;
import java.util.Optional;

/**
 * Which DaemonSet pulls which images. While a rollout changes the images of a policy, its usual
 * DaemonSet keeps those of the stable revision: the nodes on it need no second pull.
 */
final class SpinnerKeys {
  private SpinnerKeys() {}

  /**
   * @param images of the revision that a node follows
   */
  static SpinnerKey of(String policy, Images images, Optional<PolicyRollout> rollout) {
    return rollout.isEmpty() || hasUsual(images, rollout.get())
        ? SpinnerKey.usual(policy)
        : new SpinnerKey(policy, images.pullSource());
  }

  private static boolean hasUsual(Images images, PolicyRollout rollout) {
    Optional<NodeQoSPolicy> stable = rollout.stableVersion();
    if (stable.isEmpty()) {
      // What the usual DaemonSet pulls is not known.
      return false;
    }
    return stable
        .get()
        .spec()
        .sections()
        .images()
        .filter(kept -> !kept.pulled().isEmpty())
        .filter(kept -> !kept.pullSource().equals(images.pullSource()))
        .isEmpty();
  }
}
