// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

import io.nodeqos.preview.NodePreview;
import java.util.List;
import java.util.Map;

/**
 * One node under the policies without and with an edit.
 *
 * @param before decided without the edit
 * @param after decided with it
 * @param changes the difference, see {@link NodeDifference}
 */
public record NodeOutcome(NodePreview before, NodePreview after, List<Change> changes) {
  public NodeOutcome {
    changes = List.copyOf(changes);
  }

  public static NodeOutcome of(NodePreview before, NodePreview after) {
    return new NodeOutcome(before, after, NodeDifference.between(before, after));
  }

  /**
   * The same with the list of an equal outcome.
   *
   * @param alike the lists so far, to which this one may be added
   */
  public NodeOutcome sharing(Map<List<Change>, List<Change>> alike) {
    List<Change> first = alike.putIfAbsent(changes, changes);
    return first == null ? this : new NodeOutcome(before, after, first);
  }

  public String node() {
    return after.node();
  }

  public boolean isChanged() {
    return !changes.isEmpty();
  }
}
