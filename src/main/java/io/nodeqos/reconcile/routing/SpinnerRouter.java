// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.telemetry.tracing.TriggerKind;

/**
 * Queues the policies whose DaemonSet may have to change, and the nodes that may start to pull when
 * it has changed. O(1) for each event.
 */
public final class SpinnerRouter implements ClusterListener {
  private final KeyedQueue spinners;
  private final KeyedQueue fanOut;

  /**
   * @param spinners keys are names of policies
   * @param fanOut keys are those of {@link FanOut}
   */
  public SpinnerRouter(KeyedQueue spinners, KeyedQueue fanOut) {
    this.spinners = spinners;
    this.fanOut = fanOut;
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    spinners.add(policy.name());
  }

  @Override
  public void policyDeleted(String name) {
    spinners.add(name);
  }

  /** It may be the record of the stable revision. */
  @Override
  public void revisionChanged(PolicyRevision revision) {
    spinners.add(revision.policy());
  }

  @Override
  public void spinnerChanged(String policy) {
    spinners.add(policy);
    fanOut.add(FanOut.spinner(policy), Lane.CHANGE, new Trigger(TriggerKind.DAEMON_SET, ""));
  }
}
