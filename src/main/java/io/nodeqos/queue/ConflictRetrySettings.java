// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;

/**
 * The bounded first phase of retries after a conflict (409): short delays, because a conflict
 * passes as soon as the cache has caught up. The terms are those of a Kubernetes {@code
 * wait.Backoff}.
 *
 * @param attempts how many tries, 0 to skip the phase
 * @param initialDelay the delay before the first of them; more than 0, at most a day
 * @param factor the delay is multiplied by it each time, at least 1
 * @param jitter each delay is lengthened by a random part of itself, up to this one (0 to 1)
 */
public record ConflictRetrySettings(
    int attempts, Duration initialDelay, double factor, double jitter) {

  /** Five tries after 1, 2, 4, 8 and 16 s, plus up to a tenth. */
  public static final ConflictRetrySettings DEFAULTS =
      new ConflictRetrySettings(5, Duration.ofSeconds(1), 2.0, 0.1);

  public ConflictRetrySettings {
    if (attempts < 0) {
      throw new IllegalArgumentException("attempts must be 0 or more");
    }
    if (initialDelay.isNegative() || initialDelay.isZero()) {
      throw new IllegalArgumentException("initialDelay must be more than 0");
    }
    if (initialDelay.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("initialDelay must be at most 24h");
    }
    if (!(factor >= 1 && factor <= 100)) {
      throw new IllegalArgumentException("factor must be a number from 1 to 100");
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be a number from 0 to 1");
    }
  }
}
