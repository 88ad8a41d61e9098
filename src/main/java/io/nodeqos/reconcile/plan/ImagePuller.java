// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.ImagePulls;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerDaemonSet;
import java.util.Optional;

/**
 * The state of pulling the images of a node's policies.
 *
 * @param enabled the controller pulls images at all
 * @param daemonSet the DaemonSet of the policy that the node's images come from; empty while there
 *     is none, or it is being deleted
 */
public record ImagePuller(boolean enabled, Optional<SpinnerDaemonSet> daemonSet) {
  /** A clause, for nodes and policies alike. */
  public static final String UNSUPPORTED =
      "the API server does not support image volumes (Kubernetes 1.36, or 1.31 with the feature"
          + " gate ImageVolume)";

  /** No images are pulled. */
  public static final ImagePuller OFF = new ImagePuller(false, Optional.empty());

  /** It pulls these images, not those of an earlier version of the policy. */
  boolean pulls(String pullVersion) {
    return daemonSet.map(SpinnerDaemonSet::pullVersion).filter(pullVersion::equals).isPresent();
  }

  /** With the reason why no node can pull images, if there is one. */
  ReservedState in(ReservedState reserved) {
    return daemonSet
        .filter(spinner -> !spinner.mountsImages())
        .map(
            dropped ->
                reserved.withPulls(
                    new ImagePulls(reserved.pulls().pods(), Optional.of(UNSUPPORTED))))
        .orElse(reserved);
  }
}
