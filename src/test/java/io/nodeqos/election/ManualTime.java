// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** Both clocks of one process, moved by hand. */
final class ManualTime {

  // Starts below zero, as nanoTime may: only differences mean anything.
  private long nanos = -7_000_000_000L;
  private Instant wall = Instant.parse("2026-03-01T12:00:00Z");

  TimeSource source() {
    return new TimeSource(
        new Clock() {
          @Override
          public Instant instant() {
            return wall;
          }

          @Override
          public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        },
        () -> nanos);
  }

  Instant wall() {
    return wall;
  }

  void advance(Duration duration) {
    nanos += duration.toNanos();
    wall = wall.plus(duration);
  }

  /** An administrator or NTP sets the wall clock. */
  void stepWall(Duration step) {
    wall = wall.plus(step);
  }

  /** The machine is suspended: nanoTime stands still. */
  void suspend(Duration duration) {
    wall = wall.plus(duration);
  }
}
