// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.Timing;
import java.time.Duration;

/**
 * Tells a thread that is waiting, as it should, from one that is stuck: before each wait it says
 * how long that may take. Thread-safe.
 */
final class SignsOfLife {
  /** How late a thread may be. */
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final Timing timing;
  private volatile long expectedNanos;
  private volatile boolean begun;

  SignsOfLife(Timing timing) {
    this.timing = timing;
  }

  void expectWithin(Duration time) {
    expectedNanos = timing.nanos() + time.plus(GRACE).toNanos();
    begun = true;
  }

  boolean good() {
    return !begun || timing.nanos() - expectedNanos <= 0;
  }
}
