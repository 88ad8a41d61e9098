// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A clock driven by hand. It starts just before the overflow of nanoTime, which is allowed. */
final class FakeClock implements LongSupplier {
  private long now = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

  @Override
  public synchronized long getAsLong() {
    return now;
  }

  synchronized void advance(Duration by) {
    now += by.toNanos();
  }
}
