// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.kube.informer.Informer;
import io.nodeqos.node.CsiNodeView;
import io.nodeqos.reconcile.ClusterListener;
import java.util.Map;
import java.util.Set;

/** Keeps the storage drivers of each node. */
public final class CsiNodeHandler implements Informer.Handler<CsiNodeView> {
  private final Map<String, Set<String>> driversByNode;
  private final ClusterListener listener;

  public CsiNodeHandler(Map<String, Set<String>> driversByNode, ClusterListener listener) {
    this.driversByNode = driversByNode;
    this.listener = listener;
  }

  @Override
  public void added(CsiNodeView now) {
    driversByNode.put(now.name(), now.drivers());
    listener.csiNodeChanged(now.name());
  }

  @Override
  public void changed(CsiNodeView before, CsiNodeView now) {
    driversByNode.put(now.name(), now.drivers());
    if (!before.drivers().equals(now.drivers())) {
      listener.csiNodeChanged(now.name());
    }
  }

  @Override
  public void deleted(CsiNodeView last) {
    driversByNode.remove(last.name());
    listener.csiNodeChanged(last.name());
  }
}
