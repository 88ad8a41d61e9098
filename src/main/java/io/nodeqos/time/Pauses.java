// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.time;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** Pauses of random length between two requests, and the clocks that they go by. Thread-safe. */
public final class Pauses {
  private final TimeSource time;
  private final Sleeper sleeper;
  private final DoubleSupplier random;

  /** Waits. */
  public interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  /**
   * @param random numbers from 0 (inclusive) to 1 (exclusive)
   */
  public Pauses(TimeSource time, Sleeper sleeper, DoubleSupplier random) {
    this.time = time;
    this.sleeper = sleeper;
    this.random = random;
  }

  /** Of real length, by the clocks of this machine. */
  public static Pauses system() {
    return new Pauses(
        TimeSource.system(),
        time -> Thread.sleep(time.toMillis()),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  public TimeSource time() {
    return time;
  }

  public void sleep(Duration length) throws InterruptedException {
    sleeper.sleep(length);
  }

  /** A random duration from {@code shortest} up to {@code longest}. */
  public Duration between(Duration shortest, Duration longest) {
    double range = longest.minus(shortest).toNanos();
    return shortest.plusNanos((long) (range * random.getAsDouble()));
  }
}
