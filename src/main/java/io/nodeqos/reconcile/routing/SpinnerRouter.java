// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.ClusterListener;

/**
 * Passes all events on, and queues the policies whose DaemonSet may have to change, or whose nodes
 * may begin to pull as the DaemonSet is there. O(1) for each event.
 */
public final class SpinnerRouter extends ForwardingListener {
  private final KeyedQueue spinners;
  private final KeyedQueue fanOut;

  /**
   * @param spinners keys are names of policies
   * @param fanOut keys are those of {@link FanOut}
   */
  public SpinnerRouter(ClusterListener next, KeyedQueue spinners, KeyedQueue fanOut) {
    super(next);
    this.spinners = spinners;
    this.fanOut = fanOut;
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    super.policyChanged(policy);
    spinners.add(policy.name());
  }

  @Override
  public void policyDeleted(String name) {
    super.policyDeleted(name);
    spinners.add(name);
  }

  @Override
  public void spinnerChanged(String policy) {
    super.spinnerChanged(policy);
    spinners.add(policy);
    fanOut.add(FanOut.policy(policy), Lane.CHANGE, new Trigger("DaemonSet", ""));
  }
}
