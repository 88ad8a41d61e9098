// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.ImagePulls;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerKey;
import java.util.Optional;

/**
 * The state of pulling the images of a node's policies.
 *
 * @param enabled the controller pulls images at all
 * @param key of the DaemonSet that pulls the images of the node
 * @param daemonSet empty while there is none, or it is being deleted
 */
public record ImagePuller(boolean enabled, SpinnerKey key, Optional<SpinnerDaemonSet> daemonSet) {
  /** A clause, for nodes and policies alike. */
  public static final String UNSUPPORTED =
      "the API server does not support image volumes (Kubernetes 1.36, or 1.31 with the feature"
          + " gate ImageVolume)";

  /** No images are pulled. */
  public static final ImagePuller OFF =
      new ImagePuller(false, SpinnerKey.usual(""), Optional.empty());

  /** It pulls these images, not those of an earlier version of the policy. */
  boolean pulls(String pullVersion) {
    return daemonSet.map(SpinnerDaemonSet::pullVersion).filter(pullVersion::equals).isPresent();
  }

  /**
   * A node with its label keeps it. The usual DaemonSet comes again, or is changed; that of a
   * rollout which is over does not.
   */
  boolean isFor(String label) {
    return key.text().equals(label) && (key.isUsual() || daemonSet.isPresent());
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
