// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When the next Event may be written: at the rate of the settings, and at a lower one while nodes
 * wait for their writes, as those come first. Not thread-safe.
 */
final class EventPace {
  /** Between two writes while nodes wait. */
  static final Duration BESIDE_NODES = Duration.ofMillis(200);

  private final WriteLimiter limiter;
  private final BooleanSupplier nodesWait;
  private final TimeSource time;
  private long lastNanos;

  /**
   * @param nodesWait whether work on nodes is ready and no worker is free for it
   */
  EventPace(WriteLimiter limiter, BooleanSupplier nodesWait, TimeSource time) {
    this.limiter = limiter;
    this.nodesWait = nodesWait;
    this.time = time;
    this.lastNanos = time.nanos() - BESIDE_NODES.toNanos();
  }

  /**
   * Takes a turn.
   *
   * @param last true for the Events before the end of the process, which let nobody pass
   * @return zero when an Event may be written now, else how long to wait before the next question
   */
  Duration tryAcquire(boolean last) {
    long now = time.nanos();
    long left = lastNanos + BESIDE_NODES.toNanos() - now;
    if (!last && left > 0 && nodesWait.getAsBoolean()) {
      return Duration.ofNanos(left);
    }
    Duration wait = limiter.tryAcquire();
    if (wait.isZero()) {
      lastNanos = now;
    }
    return wait;
  }

  /** The server asks for a pause of this length. */
  void overloaded(Duration pause) {
    limiter.overloaded(pause);
  }
}
