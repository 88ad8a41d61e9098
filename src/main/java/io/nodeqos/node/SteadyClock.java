// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * The clock that decisions are made by: it begins with the wall clock and goes on as {@code
 * nanoTime} does, so that no step of the wall clock makes a duration longer, shorter or negative.
 * What is written for people and other programs, and what they have written, is of the wall clock.
 * The two differ once the wall clock was set. Thread-safe.
 */
public final class SteadyClock extends Clock {
  private final Clock wall;
  private final LongSupplier nanoTime;
  private final Instant begin;
  private final long beginNanos;

  private SteadyClock(Clock wall, LongSupplier nanoTime, Instant begin, long beginNanos) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.begin = begin;
    this.beginNanos = beginNanos;
  }

  /** Begins now. */
  public static SteadyClock of(Clock wall, LongSupplier nanoTime) {
    return new SteadyClock(wall, nanoTime, wall.instant(), nanoTime.getAsLong());
  }

  /** That of this machine. */
  public static SteadyClock system() {
    return of(Clock.systemUTC(), System::nanoTime);
  }

  @Override
  public Instant instant() {
    return begin.plusNanos(nanoTime.getAsLong() - beginNanos);
  }

  /** The wall clock. */
  public Clock wall() {
    return wall;
  }

  /** How far the wall clock is ahead of this one, negative when it is behind; 0 of other clocks. */
  public static Duration wallAhead(Clock clock) {
    return clock instanceof SteadyClock steady
        ? Duration.between(steady.instant(), steady.wall.instant())
        : Duration.ZERO;
  }

  /** The time that the wall clock shows now, of any clock. */
  public static Instant wallTime(Clock clock) {
    return clock instanceof SteadyClock steady ? steady.wall.instant() : clock.instant();
  }

  /** The wall time of another moment of the clock, as the wall clock is set now. */
  public static Instant wallTime(Clock clock, Instant at) {
    return at.plus(wallAhead(clock));
  }

  @Override
  public ZoneId getZone() {
    return wall.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new SteadyClock(wall.withZone(zone), nanoTime, begin, beginNanos);
  }
}
