// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes by sleeping only, which takes none. */
public final class FakeTiming {
  static final Instant NOW = Instant.parse("2026-11-03T10:00:00Z");

  private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
  public final List<Duration> sleeps = new CopyOnWriteArrayList<>();
  public volatile Runnable onSleep = () -> {};

  public Timing timing() {
    return new Timing(Clock.fixed(NOW, ZoneOffset.UTC), nanos::get, this::sleep, () -> 0.5);
  }

  private void sleep(Duration time) {
    sleeps.add(time);
    pass(time);
    onSleep.run();
  }

  public void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  public Duration slept() {
    return sleeps.stream().reduce(Duration.ZERO, Duration::plus);
  }
}
