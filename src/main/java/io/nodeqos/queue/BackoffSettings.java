// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;

/**
 * A delay that doubles with each failure, up to a limit, for ever.
 *
 * @param base the delay after the first failure; positive
 * @param max the longest delay, before jitter; from {@code base} to a day
 * @param jitter each delay is lengthened by a random part of itself, up to this one (0 to 1), so
 *     that nodes that failed together are not retried together
 */
public record BackoffSettings(Duration base, Duration max, double jitter) {

  /** 500 ms, doubling up to a minute, plus up to a fifth. */
  public static final BackoffSettings DEFAULTS =
      new BackoffSettings(Duration.ofMillis(500), Duration.ofMinutes(1), 0.2);

  public BackoffSettings {
    if (base.isNegative() || base.isZero()) {
      throw new IllegalArgumentException("base must be more than 0");
    }
    if (max.compareTo(base) < 0) {
      throw new IllegalArgumentException("max must not be shorter than base");
    }
    if (max.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("max must be at most 24h");
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be a number from 0 to 1");
    }
  }
}
