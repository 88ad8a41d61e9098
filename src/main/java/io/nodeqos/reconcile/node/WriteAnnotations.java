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
 * Annotations that are added to a write and never cause one: the term of the last writer, and the
 * trace of the write.
 */
public final class WriteAnnotations {
  private final Fence fence;
  private final String traceparentKey;

  /**
   * @param traceparentKey the annotation for the trace
   */
  public WriteAnnotations(Fence fence, String traceparentKey) {
    this.fence = fence;
    this.traceparentKey = traceparentKey;
  }

  MetadataChange on(MetadataChange change, NodeView node) {
    if (change.removeAnnotations().contains(Keys.LEADER_EPOCH)) {
      // The last write to a node that then carries no state of this controller.
      return change.plus(traceparentGone(node));
    }
    String epoch = Long.toString(fence.epoch());
    MetadataChange annotated =
        epoch.equals(node.annotations().get(Keys.LEADER_EPOCH))
            ? change
            : change.withAnnotation(Keys.LEADER_EPOCH, epoch);
    return WorkTrace.current()
        .traceparent()
        .map(trace -> annotated.withAnnotation(traceparentKey, trace))
        .orElseGet(() -> annotated.plus(traceparentGone(node)));
  }

  /** Removes the annotation: it names a trace that does not contain this write. */
  private MetadataChange traceparentGone(NodeView node) {
    return MetadataChange.removal(node, Set.of(), Set.of(traceparentKey));
  }
}
