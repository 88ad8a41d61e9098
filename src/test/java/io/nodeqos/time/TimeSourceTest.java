// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TimeSourceTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final AtomicReference<Instant> shown = new AtomicReference<>(NOW);
  private final TimeSource time = TimeSource.of(shown::get, nanos::get);

  @Test
  void stepsOfTheWallClockDoNotChangeTheSteadyTime() {
    assertEquals(NOW, time.steadyTime());
    shown.set(NOW.minusSeconds(3600));
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertEquals(NOW.plusSeconds(5), time.steadyTime(), "also where nanoTime overflows");
    assertEquals(NOW.minusSeconds(3600), time.wallTime());
    assertEquals(Duration.ofSeconds(-3605), time.wallAhead());
    assertEquals(NOW.minusSeconds(3605), time.wallTime(NOW), "as the clock is set now");
  }

  @Test
  void wallTimeOfAMomentIsTheSameAtEachCall() {
    Instant moment = time.steadyTime();
    shown.set(NOW.minusNanos(2_400));
    assertEquals(NOW, time.wallTime(moment));
    shown.set(NOW.plusNanos(3_700));
    assertEquals(NOW, time.wallTime(moment));
    shown.set(NOW.plusMillis(2));
    assertEquals(NOW.plusMillis(2), time.wallTime(moment));
  }

  @Test
  void durationsFollowTheMonotonicClock() {
    long start = time.nanos();
    shown.set(NOW.plusSeconds(3600));
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertEquals(Duration.ofSeconds(5), time.since(start), "also where nanoTime overflows");
    assertEquals(Duration.ZERO, time.since(time.nanos() + 1), "never negative");
    assertEquals(new TimeSource.Moment(nanos.get(), shown.get()), time.moment());
  }
}
