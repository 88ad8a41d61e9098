// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.reconcile.ClusterListener;
import java.util.Optional;

/** Passes everything on; a subclass adds what it does besides, and calls {@code super} as well. */
public abstract class ForwardingListener implements ClusterListener {
  private final ClusterListener next;

  protected ForwardingListener(ClusterListener next) {
    this.next = next;
  }

  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    next.nodeChanged(before, now);
  }

  @Override
  public void nodeDeleted(String name) {
    next.nodeDeleted(name);
  }

  @Override
  public void podChanged(String nodeName, String namespace) {
    next.podChanged(nodeName, namespace);
  }

  @Override
  public void reservedNamespaceChanged(String namespace) {
    next.reservedNamespaceChanged(namespace);
  }

  @Override
  public void csiNodeChanged(String nodeName) {
    next.csiNodeChanged(nodeName);
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    next.policyChanged(policy);
  }

  @Override
  public void policyDeleted(String name) {
    next.policyDeleted(name);
  }

  @Override
  public void revisionChanged(PolicyRevision revision) {
    next.revisionChanged(revision);
  }

  @Override
  public void revisionDeleted(PolicyRevision revision) {
    next.revisionDeleted(revision);
  }

  @Override
  public void spinnerChanged(String policy) {
    next.spinnerChanged(policy);
  }
}
