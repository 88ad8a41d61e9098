// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The two clocks of a process and a third that is made of them. Thread-safe.
 *
 * <ul>
 *   <li>{@link #nanos()}, the monotonic clock, cannot be stepped, but may stand still while the
 *       machine is suspended. Durations are measured by it.
 *   <li>{@link #wallTime()}, the wall clock, can be stepped, but includes the suspension. All times
 *       in output and input are by it.
 *   <li>{@link #steadyTime()} starts with the wall clock and advances with the monotonic one, so
 *       that no step makes a duration longer, shorter or negative. Decisions are made by it.
 * </ul>
 */
public final class TimeSource {
  private static final long HALF_MILLI = 500_000;

  private final InstantSource wall;
  private final LongSupplier nanoTime;
  private final Instant begin;
  private final long beginNanos;

  private TimeSource(InstantSource wall, LongSupplier nanoTime, Instant begin, long beginNanos) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.begin = begin;
    this.beginNanos = beginNanos;
  }

  /** Its steady time starts now. */
  public static TimeSource of(InstantSource wall, LongSupplier nanoTime) {
    return new TimeSource(wall, nanoTime, wall.instant(), nanoTime.getAsLong());
  }

  /**
   * That of this machine. The steady times of two of them differ if the wall clock is set between.
   */
  public static TimeSource system() {
    return of(Clock.systemUTC(), System::nanoTime);
  }

  /** One whose clocks stand still at their present times. */
  public TimeSource stopped() {
    Instant wallNow = wallTime();
    long nanosNow = nanos();
    return new TimeSource(() -> wallNow, () -> nanosNow, begin, beginNanos);
  }

  /** Nanoseconds of the monotonic clock: only differences mean anything, and they may overflow. */
  public long nanos() {
    return nanoTime.getAsLong();
  }

  /** The time passed since a reading of {@link #nanos()}; never negative. */
  public Duration since(long nanos) {
    return Duration.ofNanos(Math.max(0, nanos() - nanos));
  }

  /** The rest of a time that started at a reading of {@link #nanos()}; zero when it is over. */
  public Duration left(long nanos, Duration of) {
    Duration left = of.minus(since(nanos));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The present time of the wall clock. */
  public Instant wallTime() {
    return wall.instant();
  }

  /** Now, by the steady clock. */
  public Instant steadyTime() {
    return begin.plusNanos(nanos() - beginNanos);
  }

  /** How far the wall clock is ahead of the steady one, negative when it is behind. */
  public Duration wallAhead() {
    return Duration.between(steadyTime(), wallTime());
  }

  /**
   * The wall time of another moment of the steady clock, as the wall clock is set now; to the
   * millisecond, so that it is the same at each call: the two clocks are read one after the other.
   */
  public Instant wallTime(Instant steady) {
    return wallTime(steady, wallAhead());
  }

  /**
   * The same, to the millisecond, too.
   *
   * @param wallAhead of {@link #wallAhead()}, read before
   */
  public static Instant wallTime(Instant steady, Duration wallAhead) {
    return steady.plus(wallAhead).plusNanos(HALF_MILLI).truncatedTo(ChronoUnit.MILLIS);
  }

  /** Both clocks at one moment. */
  public Moment moment() {
    return new Moment(nanos(), wallTime());
  }

  /** A reading of both clocks. */
  public record Moment(long nanos, Instant wall) {}
}
