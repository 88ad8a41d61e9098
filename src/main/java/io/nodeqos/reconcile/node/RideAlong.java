// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.election.Fence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.util.Set;

/**
 * Annotations that go along with a write and are never a reason for one: who wrote last, and in
 * which trace to read about it.
 */
public final class RideAlong {
  private final Fence fence;
  private final String traceparentKey;

  /**
   * @param traceparentKey the annotation for the trace
   */
  public RideAlong(Fence fence, String traceparentKey) {
    this.fence = fence;
    this.traceparentKey = traceparentKey;
  }

  MetadataChange on(MetadataChange change, NodeView node) {
    if (change.removeAnnotations().contains(Keys.LEADER_EPOCH)) {
      // The last write to a node that keeps nothing of ours.
      return change.plus(traceparentGone(node));
    }
    String epoch = Long.toString(fence.epoch());
    MetadataChange told =
        epoch.equals(node.annotations().get(Keys.LEADER_EPOCH))
            ? change
            : change.withAnnotation(Keys.LEADER_EPOCH, epoch);
    return WorkTrace.current()
        .traceparent()
        .map(trace -> told.withAnnotation(traceparentKey, trace))
        .orElseGet(() -> told.plus(traceparentGone(node)));
  }

  /** It names a trace in which this write is not. */
  private MetadataChange traceparentGone(NodeView node) {
    return MetadataChange.removal(node, Set.of(), Set.of(traceparentKey));
  }
}
