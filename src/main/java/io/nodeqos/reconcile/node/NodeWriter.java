// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.reconcile.WriteResult;

/**
 * Writes to Nodes. Every write carries the resourceVersion that the decision was made on, so that
 * it fails instead of overwriting a later write of another writer. Thread-safe; calls block for at
 * most the client's call timeout.
 */
public interface NodeWriter {
  /** Applies labels, annotations and taints in one JSON merge patch. */
  WriteResult patchMetadata(NodeView.Meta base, MetadataChange change);

  /** Applies our condition and extended resources in one strategic merge patch on the status. */
  WriteResult patchStatus(NodeView.Meta base, StatusChange change);

  /** Reads the node from the API server, for a fresh start after a conflict. */
  ReadResult read(String name);

  /** The result of {@link #read}. */
  sealed interface ReadResult {
    record Found(NodeView node) implements ReadResult {}

    record Failed(WriteResult why) implements ReadResult {}
  }
}
