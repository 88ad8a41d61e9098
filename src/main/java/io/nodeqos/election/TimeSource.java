// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Both clocks that the election needs: {@code nanoTime} cannot be stepped but may stand still while
 * a machine is suspended, the wall clock can be stepped but knows of the suspension.
 */
record TimeSource(Clock clock, LongSupplier nanoTime) {

  TimeSource {
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(nanoTime, "nanoTime");
  }

  static TimeSource system() {
    return new TimeSource(Clock.systemUTC(), System::nanoTime);
  }

  long nanos() {
    return nanoTime.getAsLong();
  }

  Instant now() {
    return clock.instant();
  }

  /** Both clocks at one moment. */
  Moment moment() {
    return new Moment(nanos(), now());
  }

  /** The time passed since a reading of {@link #nanos}; never negative. */
  Duration since(long nanos) {
    return Duration.ofNanos(Math.max(0, nanos() - nanos));
  }

  record Moment(long nanos, Instant wall) {}
}
