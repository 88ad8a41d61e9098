// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.List;
import java.util.Optional;

/**
 * What is known of the pulling of images on one node.
 *
 * @param pods spinner pods on the node
 * @param unsupported why nothing can be pulled anywhere, a clause; empty when it can be, as far as
 *     is known
 */
public record ImagePulls(List<SpinnerPod> pods, Optional<String> unsupported) {
  public static final ImagePulls NONE = new ImagePulls(List.of(), Optional.empty());

  public ImagePulls {
    pods = List.copyOf(pods);
  }
}
