// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import java.time.Instant;
import java.util.function.LongSupplier;

/** Times of the spans of one piece of work, which all go by one clock from where it began. */
final class TraceTime {
  private final long epochNanos;
  private final long begin;
  private final LongSupplier nanoTime;

  private TraceTime(long epochNanos, long begin, LongSupplier nanoTime) {
    this.epochNanos = epochNanos;
    this.begin = begin;
    this.nanoTime = nanoTime;
  }

  static TraceTime now(Tracing.Time time) {
    return new TraceTime(
        epochNanos(time.clock().instant()), time.nanoTime().getAsLong(), time.nanoTime());
  }

  static long epochNanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /** When it began. */
  long epochNanos() {
    return epochNanos;
  }

  /** Nanoseconds since it began. */
  long elapsed() {
    return nanoTime.getAsLong() - begin;
  }

  /** The moment so many nanoseconds after it began. */
  long epochNanos(long elapsed) {
    return epochNanos + elapsed;
  }
}
