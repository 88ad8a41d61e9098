// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

import io.nodeqos.node.NodeView;
import io.nodeqos.preview.NodePreview;

/** Opens the written node to tests of other rooms. */
public final class Written {
  private Written() {}

  public static NodeView of(NodePreview preview) {
    return WrittenNode.of(preview.seen().node(), preview.plan());
  }
}
