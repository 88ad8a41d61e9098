// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.time.TimeSource;
import java.time.Duration;

/** Allows one log line in a period. Thread-safe. */
final class LogThrottle {
  private final long periodNanos;
  private final TimeSource time;
  private boolean used;
  private long lastNanos;

  LogThrottle(Duration period, TimeSource time) {
    this.periodNanos = period.toNanos();
    this.time = time;
  }

  synchronized boolean tryAcquire() {
    long now = time.nanos();
    if (used && now - lastNanos < periodNanos) {
      return false;
    }
    used = true;
    lastNanos = now;
    return true;
  }
}
