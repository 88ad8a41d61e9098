// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.history.HistoryStore;
import io.nodeqos.node.NodeView;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.routing.ForwardingListener;
import java.util.Optional;

/** Lets the history see what becomes of nodes, after the work was told. */
final class HistoryListener extends ForwardingListener {
  private final HistoryStore history;

  HistoryListener(ClusterListener work, HistoryStore history) {
    super(work);
    this.history = history;
  }

  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    super.nodeChanged(before, now);
    history.nodeChanged(before, now);
  }

  @Override
  public void nodeDeleted(String name) {
    super.nodeDeleted(name);
    history.nodeDeleted(name);
  }
}
