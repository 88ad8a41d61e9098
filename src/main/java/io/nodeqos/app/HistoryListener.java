// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.history.HistoryStore;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.ClusterListener;
import java.util.Optional;

/** Tells the history of nodes, and the work of everything. */
record HistoryListener(ClusterListener work, HistoryStore history) implements ClusterListener {
  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    work.nodeChanged(before, now);
    history.nodeChanged(before, now);
  }

  @Override
  public void nodeDeleted(String name) {
    work.nodeDeleted(name);
    history.nodeDeleted(name);
  }

  @Override
  public void podChanged(String nodeName, String namespace) {
    work.podChanged(nodeName, namespace);
  }

  @Override
  public void reservedNamespaceChanged(String namespace) {
    work.reservedNamespaceChanged(namespace);
  }

  @Override
  public void csiNodeChanged(String nodeName) {
    work.csiNodeChanged(nodeName);
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    work.policyChanged(policy);
  }

  @Override
  public void policyDeleted(String name) {
    work.policyDeleted(name);
  }

  @Override
  public void spinnerChanged(String policy) {
    work.spinnerChanged(policy);
  }
}
