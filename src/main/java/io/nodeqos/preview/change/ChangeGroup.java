// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

import java.util.List;

/**
 * Nodes with the same changes.
 *
 * @param nodes their names, in order
 */
public record ChangeGroup(List<String> nodes, List<Change> changes) {
  public ChangeGroup {
    nodes = List.copyOf(nodes);
    changes = List.copyOf(changes);
  }
}
