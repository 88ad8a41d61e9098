// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.reconcile.ClusterListener;

/** Queues the policies whose rollout may go on, or start. */
public final class RolloutRouter implements ClusterListener {
  private final KeyedQueue rollouts;

  /**
   * @param rollouts keys are names of policies
   */
  public RolloutRouter(KeyedQueue rollouts) {
    this.rollouts = rollouts;
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    rollouts.add(policy.name());
  }

  @Override
  public void policyDeleted(String name) {
    rollouts.add(name);
  }

  @Override
  public void revisionChanged(PolicyRevision revision) {
    rollouts.add(revision.policy());
  }
}
