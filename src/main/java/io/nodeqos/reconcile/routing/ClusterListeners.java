// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.reconcile.ClusterListener;
import java.util.List;
import java.util.Optional;

/** Calls several listeners with each event, one after the other, in the order of the list. */
public final class ClusterListeners implements ClusterListener {
  private final List<ClusterListener> listeners;

  public ClusterListeners(List<ClusterListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    listeners.forEach(l -> l.nodeChanged(before, now));
  }

  @Override
  public void nodeDeleted(String name) {
    listeners.forEach(l -> l.nodeDeleted(name));
  }

  @Override
  public void podChanged(String nodeName, String namespace) {
    listeners.forEach(l -> l.podChanged(nodeName, namespace));
  }

  @Override
  public void reservedNamespaceChanged(String namespace) {
    listeners.forEach(l -> l.reservedNamespaceChanged(namespace));
  }

  @Override
  public void csiNodeChanged(String nodeName) {
    listeners.forEach(l -> l.csiNodeChanged(nodeName));
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    listeners.forEach(l -> l.policyChanged(policy));
  }

  @Override
  public void policyDeleted(String name) {
    listeners.forEach(l -> l.policyDeleted(name));
  }

  @Override
  public void revisionChanged(PolicyRevision revision) {
    listeners.forEach(l -> l.revisionChanged(revision));
  }

  @Override
  public void revisionDeleted(PolicyRevision revision) {
    listeners.forEach(l -> l.revisionDeleted(revision));
  }

  @Override
  public void spinnerChanged(String policy) {
    listeners.forEach(l -> l.spinnerChanged(policy));
  }
}
