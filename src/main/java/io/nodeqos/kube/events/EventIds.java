// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.function.LongSupplier;

/** Rising numbers that follow the wall clock, so that two replicas hardly ever use the same. */
final class EventIds implements LongSupplier {
  private final TimeSource time;
  private long last;

  EventIds(TimeSource time) {
    this.time = time;
  }

  @Override
  public synchronized long getAsLong() {
    Instant now = time.wallTime();
    last = Math.max(last + 1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
    return last;
  }
}
