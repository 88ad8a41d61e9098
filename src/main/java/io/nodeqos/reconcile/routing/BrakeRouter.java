// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.telemetry.tracing.WorkTrace;

/** Queues the policies and nodes that a decision of the brake concerns. Thread-safe. */
public final class BrakeRouter implements Brake.Listener {
  private final KeyedQueue nodes;
  private final PolicyRechecks policies;

  public BrakeRouter(KeyedQueue nodes, PolicyRechecks policies) {
    this.nodes = nodes;
    this.policies = policies;
  }

  @Override
  public void policyChanged(String policy) {
    policies.statusMayDiffer(policy);
  }

  @Override
  public void freed(String node) {
    nodes.add(node, Lane.CHANGE, Trigger.after(WorkTrace.current().ref()));
  }
}
