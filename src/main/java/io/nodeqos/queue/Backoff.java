// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * The ordinary backoff: capped exponential with jitter, for ever. Stateless, so safe for many
 * threads; it never overflows, for any number of failures.
 */
public final class Backoff implements RetryDelays {
  private final BackoffSettings settings;
  private final DoubleSupplier random;

  /**
   * A backoff with a given source of chance.
   *
   * @param random gives numbers from 0 to 1; must be thread-safe
   */
  public Backoff(BackoffSettings settings, DoubleSupplier random) {
    this.settings = settings;
    this.random = random;
  }

  /** A backoff with real randomness. */
  public static Backoff of(BackoffSettings settings) {
    return new Backoff(settings, () -> ThreadLocalRandom.current().nextDouble());
  }

  @Override
  public Duration delay(int failures) {
    double uncapped = settings.base().toNanos() * Math.pow(2, Math.max(0, failures - 1));
    double capped = Math.min(uncapped, settings.max().toNanos());
    return jittered(capped, settings.jitter());
  }

  /**
   * The delays after a conflict: first those of the settings, then the ordinary ones from their
   * start.
   */
  public RetryDelays afterConflicts(ConflictRetrySettings conflict) {
    return failures -> {
      if (failures > conflict.attempts()) {
        return delay(failures - conflict.attempts());
      }
      double nanos =
          conflict.initialDelay().toNanos()
              * Math.pow(conflict.factor(), Math.max(0, failures - 1));
      return jittered(nanos, conflict.jitter());
    };
  }

  private Duration jittered(double nanos, double jitter) {
    // The cast saturates: a delay beyond the range of a long becomes the longest delay.
    return Duration.ofNanos((long) (nanos * (1 + jitter * random.getAsDouble())));
  }
}
