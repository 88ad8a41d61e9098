// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import java.util.Optional;

/**
 * Passes all events on, and queues the policies whose DaemonSet may have to change, or whose nodes
 * may begin to pull as the DaemonSet is there. O(1) for each event.
 */
public final class SpinnerRouter implements ClusterListener {
  private final ClusterListener next;
  private final KeyedQueue spinners;
  private final KeyedQueue fanOut;

  /**
   * @param spinners keys are names of policies
   * @param fanOut keys are those of {@link FanOut}
   */
  public SpinnerRouter(ClusterListener next, KeyedQueue spinners, KeyedQueue fanOut) {
    this.next = next;
    this.spinners = spinners;
    this.fanOut = fanOut;
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
    spinners.add(policy.name());
  }

  @Override
  public void policyDeleted(String name) {
    next.policyDeleted(name);
    spinners.add(name);
  }

  @Override
  public void spinnerChanged(String policy) {
    next.spinnerChanged(policy);
    spinners.add(policy);
    fanOut.add(FanOut.policy(policy), Lane.CHANGE, new Trigger("DaemonSet", ""));
  }
}
