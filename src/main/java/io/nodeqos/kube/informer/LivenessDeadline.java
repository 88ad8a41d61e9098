// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.nodeqos.time.TimeSource;
import java.time.Duration;

/**
 * Distinguishes a thread that waits as planned from a stuck one: before each wait the thread sets
 * the longest time of that wait. Thread-safe.
 */
final class LivenessDeadline {
  /** How late a thread is allowed to be. */
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final TimeSource time;
  private volatile long expectedNanos;
  private volatile boolean begun;

  LivenessDeadline(TimeSource time) {
    this.time = time;
  }

  void expectWithin(Duration longest) {
    expectedNanos = time.nanos() + longest.plus(GRACE).toNanos();
    begun = true;
  }

  boolean isMet() {
    return !begun || time.nanos() - expectedNanos <= 0;
  }
}
