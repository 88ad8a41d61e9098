// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import java.time.Duration;

/** Queues passes over all nodes. Thread-safe. */
public final class Resync {
  private final KeyedQueue fanOut;

  /**
   * @param fanOut keys are those of {@link FanOut}
   */
  public Resync(KeyedQueue fanOut) {
    this.fanOut = fanOut;
  }

  /** The next periodic pass comes no later than in this time. */
  public void within(Duration period) {
    fanOut.addAfter(FanOut.RESYNC, Lane.RESYNC, Trigger.NONE, period);
  }

  /** All nodes are reconciled now: settings that they may depend on have changed. */
  public void now() {
    fanOut.add(FanOut.ALL);
  }
}
