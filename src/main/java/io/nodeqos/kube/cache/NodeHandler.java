// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.kube.informer.Informer;
import io.nodeqos.node.NodeView;
import io.nodeqos.reconcile.ClusterListener;
import java.util.Map;
import java.util.Optional;

/** Keeps the Nodes and passes on changes that a decision may depend on: no heartbeats. */
public final class NodeHandler implements Informer.Handler<NodeView> {
  private final Map<String, NodeView> nodes;
  private final ClusterListener listener;

  public NodeHandler(Map<String, NodeView> nodes, ClusterListener listener) {
    this.nodes = nodes;
    this.listener = listener;
  }

  @Override
  public void added(NodeView now) {
    nodes.put(now.name(), now);
    listener.nodeChanged(Optional.empty(), now);
  }

  @Override
  public void changed(NodeView before, NodeView now) {
    nodes.put(now.name(), now);
    if (!before.sameAs(now)) {
      listener.nodeChanged(Optional.of(before), now);
    }
  }

  @Override
  public void deleted(NodeView last) {
    nodes.remove(last.name());
    listener.nodeDeleted(last.name());
  }
}
