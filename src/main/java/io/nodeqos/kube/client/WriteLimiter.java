// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.kube.client.KubeSettings.WriteRate;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Limits all writes of this process to a rate that the server can take: a token bucket whose rate
 * is halved when the server says that it is overloaded and grows back step by step (AIMD). No
 * thread waits in here: a caller without a token gets the time to wait before the next try.
 * Thread-safe.
 */
public final class WriteLimiter {
  private static final double SECOND = 1e9;
  private static final double MIN_WRITES_PER_SECOND = 1;

  /** The part of the highest rate that is regained each second without a 429. */
  private static final double RECOVERY_PER_SECOND = 0.05;

  /** Several 429 of requests that were in flight together count once. */
  private static final long PENALTY_INTERVAL_NANOS = 1_000_000_000L;

  private static final long MAX_WAIT_NANOS = 5_000_000_000L;

  private WriteRate limits;
  private final TimeSource time;
  private final LongConsumer putOff;

  private double perSecond;
  private double tokens;
  private long countedNanos;
  private long complainedNanos;
  private boolean complained;
  private long closedUntilNanos;
  private long lastAppointmentNanos;

  /** Creates a full bucket. */
  public WriteLimiter(WriteRate limits, TimeSource time) {
    this(limits, time, nanos -> {});
  }

  /**
   * Creates a full bucket.
   *
   * @param putOff receives each result of {@link #tryAcquire}, in nanoseconds
   */
  public WriteLimiter(WriteRate limits, TimeSource time, LongConsumer putOff) {
    this.limits = limits;
    this.time = time;
    this.putOff = putOff;
    this.perSecond = limits.perSecond();
    this.tokens = limits.burst();
    this.countedNanos = time.nanos();
    this.closedUntilNanos = countedNanos;
    this.lastAppointmentNanos = countedNanos;
  }

  /**
   * Takes a token.
   *
   * @return zero when the write may be sent now, else how long to wait before asking again, at most
   *     5 s
   */
  public Duration tryAcquire() {
    Duration wait = acquire();
    putOff.accept(wait.toNanos());
    return wait;
  }

  private synchronized Duration acquire() {
    long now = time.nanos();
    refill(now);
    boolean closed = closedUntilNanos - now > 0;
    if (!closed && tokens >= 1) {
      tokens--;
      return Duration.ZERO;
    }
    // Each refused caller gets a time of its own, or all would come back at once.
    long step = (long) (SECOND / perSecond);
    long earliest = closed ? closedUntilNanos : now;
    if (lastAppointmentNanos - earliest < 0) {
      lastAppointmentNanos = earliest;
    }
    lastAppointmentNanos += step;
    long wait = lastAppointmentNanos - now;
    if (wait > MAX_WAIT_NANOS) {
      lastAppointmentNanos = earliest;
      wait = MAX_WAIT_NANOS;
    }
    return Duration.ofNanos(wait);
  }

  private void refill(long now) {
    double seconds = Math.max(0, now - countedNanos) / SECOND;
    countedNanos = now;
    perSecond =
        Math.min(
            limits.perSecond(), perSecond + seconds * RECOVERY_PER_SECOND * limits.perSecond());
    tokens = Math.min(limits.burst(), tokens + seconds * perSecond);
  }

  /**
   * The server refused a write because of its load (429).
   *
   * @param retryAfter no write is sent for so long; may be zero
   */
  public synchronized void overloaded(Duration retryAfter) {
    long now = time.nanos();
    refill(now);
    if (!complained || now - complainedNanos >= PENALTY_INTERVAL_NANOS) {
      perSecond = Math.max(Math.min(MIN_WRITES_PER_SECOND, limits.perSecond()), perSecond / 2);
      tokens = 0;
      complained = true;
      complainedNanos = now;
    }
    long until = now + retryAfter.toNanos();
    if (until - closedUntilNanos > 0) {
      closedUntilNanos = until;
    }
  }

  /** Sets other limits; a reduction by the server stays in force. */
  public synchronized void limits(WriteRate newLimits) {
    refill(time.nanos());
    perSecond = perSecond * newLimits.perSecond() / limits.perSecond();
    limits = newLimits;
    tokens = Math.min(tokens, newLimits.burst());
  }

  /** The rate at present, in writes a second. */
  public synchronized double ratePerSecond() {
    refill(time.nanos());
    return perSecond;
  }
}
