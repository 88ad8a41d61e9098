// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets one of many through in a period. Thread-safe. */
final class Seldom {
  private final long periodNanos;
  private final LongSupplier nanoTime;
  private boolean used;
  private long lastNanos;

  Seldom(Duration period, LongSupplier nanoTime) {
    this.periodNanos = period.toNanos();
    this.nanoTime = nanoTime;
  }

  synchronized boolean tryAcquire() {
    long now = nanoTime.getAsLong();
    if (used && now - lastNanos < periodNanos) {
      return false;
    }
    used = true;
    lastNanos = now;
    return true;
  }
}
