// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/** Waits for an effect of another process. */
public final class Poll {
  private static final long LIMIT_SECONDS = 60;
  private static final long PAUSE_MILLIS = 100;

  private Poll() {}

  /**
   * Reads until the value is as wanted and returns it; fails after 60 s with the last one.
   *
   * @param description the end of the sentence "no ..."
   */
  public static <T> T until(String description, Supplier<T> read, Predicate<T> wanted) {
    return until(description, LIMIT_SECONDS, read, wanted);
  }

  /** The same with another limit. */
  public static <T> T until(
      String description, long seconds, Supplier<T> read, Predicate<T> wanted) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    Optional<T> last = Optional.empty();
    while (last.isEmpty() || System.nanoTime() < end) {
      T value = read.get();
      if (wanted.test(value)) {
        return value;
      }
      last = Optional.of(value);
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return Assertions.fail("no " + description + " within " + seconds + " s, last: " + last.get());
  }
}
