// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Time and chance, so that tests can hold them still.
 *
 * @param nanoTime for durations
 * @param random numbers from 0 (inclusive) to 1 (exclusive)
 */
public record Timing(Clock clock, LongSupplier nanoTime, Sleeper sleeper, DoubleSupplier random) {

  /** Waits. */
  public interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  public static Timing system() {
    return new Timing(
        Clock.systemUTC(),
        System::nanoTime,
        time -> Thread.sleep(time.toMillis()),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  public long nanos() {
    return nanoTime.getAsLong();
  }

  public Duration since(long nanos) {
    return Duration.ofNanos(nanos() - nanos);
  }

  /** A random duration from {@code shortest} up to {@code longest}. */
  public Duration between(Duration shortest, Duration longest) {
    double range = longest.minus(shortest).toNanos();
    return shortest.plusNanos((long) (range * random.getAsDouble()));
  }
}
