// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.election.Fence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Annotations that go along with a write and are never a reason for one: who wrote last, and in
 * which trace to read about it.
 *
 * @param traceparentKey the annotation for the trace
 */
public record RideAlong(Fence fence, String traceparentKey) {

  MetadataChange on(MetadataChange change, NodeView node) {
    Map<String, String> set = new TreeMap<>(change.setAnnotations());
    Set<String> removed = new HashSet<>(change.removeAnnotations());
    if (removed.contains(Keys.LEADER_EPOCH)) {
      return bare(change, node, removed);
    }
    String epoch = Long.toString(fence.epoch());
    if (!epoch.equals(node.annotations().get(Keys.LEADER_EPOCH))) {
      set.put(Keys.LEADER_EPOCH, epoch);
    }
    Optional<String> traceparent = WorkTrace.current().traceparent();
    if (traceparent.isPresent()) {
      set.put(traceparentKey, traceparent.get());
    } else if (node.annotations().containsKey(traceparentKey)) {
      // It names a trace in which this write is not.
      removed.add(traceparentKey);
    }
    return new MetadataChange(
        change.setLabels(), change.removeLabels(), set, removed, change.taints());
  }

  /** The last write to a node that keeps nothing of ours. */
  private MetadataChange bare(MetadataChange change, NodeView node, Set<String> removed) {
    if (node.annotations().containsKey(traceparentKey)) {
      removed.add(traceparentKey);
    }
    return new MetadataChange(
        change.setLabels(),
        change.removeLabels(),
        change.setAnnotations(),
        removed,
        change.taints());
  }
}
