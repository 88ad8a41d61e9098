// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.virtual;

import io.nodeqos.sim.fleet.FleetSteps;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * A clock that stands still until it is moved, and the steps that are due at moments of it. For one
 * thread. Steps of the same moment run in the order in which they were added.
 */
public final class VirtualTime implements FleetSteps {
  private record Due(long nanos, long number, Step step) {}

  private final PriorityQueue<Due> steps =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number));
  private final TimeSource source;
  private long nanos;
  private long added;

  public VirtualTime(Instant start) {
    this.source = TimeSource.of(() -> start.plusNanos(nanos), () -> nanos);
  }

  public TimeSource source() {
    return source;
  }

  public long nanos() {
    return nanos;
  }

  @Override
  public void after(Duration delay, Step step) {
    steps.add(new Due(nanos + Math.max(0, delay.toNanos()), added++, step));
  }

  /** When the next step is due; empty when there is none. */
  public OptionalLong next() {
    return steps.isEmpty() ? OptionalLong.empty() : OptionalLong.of(steps.peek().nanos());
  }

  /** Runs one step that is due now; false when none is. */
  public boolean runDue() {
    if (steps.isEmpty() || steps.peek().nanos() > nanos) {
      return false;
    }
    try {
      steps.remove().step().run();
    } catch (IOException e) {
      throw new UncheckedIOException("no request of a simulation can fail so", e);
    }
    return true;
  }

  /** Moves the clock. It never goes back. */
  public void moveTo(long then) {
    nanos = Math.max(nanos, then);
  }
}
