// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final AtomicReference<Instant> shown = new AtomicReference<>(NOW);
  private final Clock wall = ((InstantSource) shown::get).withZone(ZoneOffset.UTC);
  private final SteadyClock clock = SteadyClock.of(wall, nanos::get);

  @Test
  void stepsOfTheWallClockAreNotSeen() {
    assertEquals(NOW, clock.instant());
    shown.set(NOW.minusSeconds(3600));
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertEquals(NOW.plusSeconds(5), clock.instant(), "also where nanoTime overflows");
    assertEquals(NOW.minusSeconds(3600), SteadyClock.wallTime(clock));
    assertEquals(Duration.ofSeconds(-3605), SteadyClock.wallAhead(clock));
    assertEquals(
        NOW.minusSeconds(3605), SteadyClock.wallTime(clock, NOW), "as the clock is set now");
  }

  @Test
  void anotherClockIsItsOwnWallClock() {
    assertEquals(NOW, SteadyClock.wallTime(wall));
    assertEquals(Duration.ZERO, SteadyClock.wallAhead(wall));
  }
}
