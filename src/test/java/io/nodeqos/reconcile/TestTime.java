// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Wall clock and monotonic time, moved by hand and together. Never on a whole second at first. */
public final class TestTime extends Clock {
  public static final Instant START = Instant.parse("2026-03-01T00:00:00.400Z");

  private Instant now = START;
  private long nanos = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

  public void advance(Duration by) {
    now = now.plus(by);
    nanos += by.toNanos();
  }

  public void advance(String by) {
    advance(Duration.parse("PT" + by));
  }

  /** Somebody sets the wall clock; the monotonic one knows nothing of that. */
  public void stepWall(Duration by) {
    now = now.plus(by);
  }

  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
