// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.Keys;
import io.nodeqos.node.MetadataChange;
import io.nodeqos.node.NodeView;
import java.util.Map;
import java.util.TreeMap;

/** Annotations that go along with a write and are never a reason for one. */
final class RideAlong {
  private RideAlong() {}

  static MetadataChange on(MetadataChange change, NodeView node, long epoch) {
    String value = Long.toString(epoch);
    if (value.equals(node.annotations().get(Keys.LEADER_EPOCH))) {
      return change;
    }
    Map<String, String> annotations = new TreeMap<>(change.setAnnotations());
    annotations.put(Keys.LEADER_EPOCH, value);
    return new MetadataChange(
        change.setLabels(),
        change.removeLabels(),
        annotations,
        change.removeAnnotations(),
        change.taints());
  }
}
