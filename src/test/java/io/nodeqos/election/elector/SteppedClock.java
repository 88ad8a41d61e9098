// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.time.TimeSource;
import java.time.Clock;
import java.time.Duration;

/** A wall clock that can be set, beside a nanoTime that goes on. */
final class SteppedClock {

  private volatile Duration step = Duration.ZERO;

  /** To so much off the truth. */
  void set(Duration off) {
    step = off;
  }

  TimeSource source() {
    return TimeSource.of(() -> Clock.systemUTC().instant().plus(step), System::nanoTime);
  }
}
