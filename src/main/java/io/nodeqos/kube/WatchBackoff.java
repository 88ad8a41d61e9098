// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.time.Duration;

/**
 * The pause before the next list or watch after a failure: 0.8 to 1.6 s at first, doubling up to 15
 * to 30 s. Used by one thread.
 */
final class WatchBackoff {
  private static final Duration FIRST = Duration.ofMillis(1600);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int STEPS = 5;

  private final Timing timing;
  private int failures;

  WatchBackoff(Timing timing) {
    this.timing = timing;
  }

  /** Counts a failure and says how long to wait, at least what the server asked for. */
  Duration next(Duration retryAfter) {
    Duration ceiling = FIRST.multipliedBy(1L << Math.min(failures, STEPS));
    if (ceiling.compareTo(LONGEST) > 0) {
      ceiling = LONGEST;
    }
    failures = Math.min(failures + 1, STEPS);
    Duration pause = timing.between(ceiling.dividedBy(2), ceiling);
    // Jitter on top of Retry-After: all replicas were told the same.
    return pause.compareTo(retryAfter) > 0 ? pause : retryAfter.plus(pause.dividedBy(2));
  }

  /** Forgets the failures, because something lasted. */
  void reset() {
    failures = 0;
  }
}
