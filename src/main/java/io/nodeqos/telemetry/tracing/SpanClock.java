// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.nodeqos.time.TimeSource;
import java.time.Instant;

/** Times of the spans of one piece of work, which all use one clock from its start. */
final class SpanClock {
  private final long epochNanos;
  private final long begin;
  private final TimeSource time;

  private SpanClock(long epochNanos, long begin, TimeSource time) {
    this.epochNanos = epochNanos;
    this.begin = begin;
    this.time = time;
  }

  static SpanClock start(TimeSource time) {
    return new SpanClock(epochNanos(time.wallTime()), time.nanos(), time);
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
    return time.nanos() - begin;
  }

  /** The moment so many nanoseconds after it began. */
  long epochNanos(long elapsed) {
    return epochNanos + elapsed;
  }
}
