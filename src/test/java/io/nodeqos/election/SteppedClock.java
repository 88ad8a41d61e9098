// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The wall clock, as somebody sets it, beside a nanoTime that goes on. */
final class SteppedClock extends Clock {

  private volatile Duration step = Duration.ZERO;

  /** To so much off the truth. */
  void set(Duration off) {
    step = off;
  }

  TimeSource source() {
    return new TimeSource(this, System::nanoTime);
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plus(step);
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
