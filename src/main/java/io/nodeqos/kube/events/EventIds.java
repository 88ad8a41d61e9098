// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/** Rising numbers that follow the clock, so that two replicas hardly ever use the same. */
final class EventIds implements LongSupplier {
  private final Clock clock;
  private long last;

  EventIds(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized long getAsLong() {
    Instant now = clock.instant();
    last = Math.max(last + 1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
    return last;
  }
}
