// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.history.HistoryStore;
import io.nodeqos.node.NodeView;
import io.nodeqos.reconcile.ClusterListener;
import java.util.Optional;

/** Passes changes of nodes to the history. */
final class HistoryListener implements ClusterListener {
  private final HistoryStore history;

  HistoryListener(HistoryStore history) {
    this.history = history;
  }

  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    history.nodeChanged(before, now);
  }

  @Override
  public void nodeDeleted(String name) {
    history.nodeDeleted(name);
  }
}
