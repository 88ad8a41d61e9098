// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.time.Duration;

/** Queues policies whose status may differ because of their nodes. Thread-safe. */
public final class PolicyRechecks {
  /** Decisions about many nodes of one policy need one pass. */
  private static final Duration DELAY = Duration.ofSeconds(1);

  private final KeyedQueue policies;

  /**
   * @param policies keys are names of policies
   */
  public PolicyRechecks(KeyedQueue policies) {
    this.policies = policies;
  }

  /** The work that this thread does now is the cause. */
  public void statusMayDiffer(String policy) {
    policies.addAfter(policy, Lane.CHANGE, Trigger.after(WorkTrace.current().ref()), DELAY);
  }
}
