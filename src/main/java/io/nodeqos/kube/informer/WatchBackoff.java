// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.nodeqos.time.Pauses;
import java.time.Duration;

/**
 * The pause before the next list or watch. After a failure 0.8 to 1.6 s at first, doubling up to 15
 * to 30 s. After a watch that worked 0.1 s at most, which is jitter only: many watches may have
 * ended together. When such watches end soon again and again, 0.25 to 0.5 s. Used by one thread.
 */
final class WatchBackoff {
  private static final Duration INITIAL_PAUSE = Duration.ofMillis(1600);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);
  private static final int STEPS = 5;

  private static final Duration JITTER = Duration.ofMillis(100);
  private static final Duration MAX_JITTER = Duration.ofMillis(500);
  private static final int JITTER_STEPS = 3;

  private final Pauses pauses;
  private int failures;
  private int shortWatches;

  WatchBackoff(Pauses pauses) {
    this.pauses = pauses;
  }

  /** Counts a failure and returns how long to wait, at least the server's Retry-After. */
  Duration afterFailure(Duration retryAfter) {
    Duration ceiling = doubled(INITIAL_PAUSE, failures, MAX_PAUSE);
    failures = Math.min(failures + 1, STEPS);
    return atLeast(retryAfter, pauses.between(ceiling.dividedBy(2), ceiling));
  }

  /**
   * How long to wait after a watch that worked, at least the server's Retry-After. Resets the count
   * of failures.
   *
   * @param wasShort it ended soon
   */
  Duration afterWatch(boolean wasShort, Duration retryAfter) {
    failures = 0;
    shortWatches = wasShort ? Math.min(shortWatches + 1, JITTER_STEPS + 1) : 0;
    if (shortWatches <= 1) {
      return atLeast(retryAfter, pauses.between(Duration.ZERO, JITTER));
    }
    Duration ceiling = doubled(JITTER, shortWatches - 1, MAX_JITTER);
    return atLeast(retryAfter, pauses.between(ceiling.dividedBy(2), ceiling));
  }

  private static Duration doubled(Duration first, int times, Duration longest) {
    Duration ceiling = first.multipliedBy(1L << times);
    return ceiling.compareTo(longest) > 0 ? longest : ceiling;
  }

  /** Jitter on top of Retry-After: all replicas got the same value. */
  private static Duration atLeast(Duration retryAfter, Duration pause) {
    return pause.compareTo(retryAfter) > 0 ? pause : retryAfter.plus(pause.dividedBy(2));
  }
}
