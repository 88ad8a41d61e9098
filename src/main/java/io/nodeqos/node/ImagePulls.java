// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.List;
import java.util.Optional;

/**
 * The state of image pulls on one node.
 *
 * @param pods spinner pods on the node
 * @param unsupported why no node can pull images, a clause; empty when pulling is possible, as far
 *     as known
 */
public record ImagePulls(List<SpinnerPod> pods, Optional<String> unsupported) {
  public static final ImagePulls NONE = new ImagePulls(List.of(), Optional.empty());

  public ImagePulls {
    pods = List.copyOf(pods);
  }
}
