// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Ends a process whose work goes on after the loss of the Lease. For one thread. */
public final class LostLeaseWatch {
  private final BooleanSupplier leading;
  private final Supplier<Duration> longestWork;
  private final Duration stopLimit;
  private final Runnable end;
  private final TimeSource time;
  private boolean led;
  private OptionalLong lostNanos = OptionalLong.empty();

  /**
   * @param longestWork how long the oldest work in flight has been running
   * @param stopLimit how long work may go on after the loss of the Lease
   * @param end ends the process
   */
  public LostLeaseWatch(
      BooleanSupplier leading,
      Supplier<Duration> longestWork,
      Duration stopLimit,
      Runnable end,
      TimeSource time) {
    this.leading = leading;
    this.longestWork = longestWork;
    this.stopLimit = stopLimit;
    this.end = end;
    this.time = time;
  }

  public void check() {
    boolean leads = leading.getAsBoolean();
    if (leads) {
      lostNanos = OptionalLong.empty();
    } else if (led) {
      lostNanos = OptionalLong.of(time.nanos());
    } else if (lostNanos.isPresent()) {
      checkStopped(time.since(lostNanos.getAsLong()));
    }
    led = leads;
  }

  private void checkStopped(Duration sinceLost) {
    if (sinceLost.compareTo(stopLimit) <= 0) {
      return;
    }
    lostNanos = OptionalLong.empty();
    // Only work that was started during a term: a standby goes on deciding.
    if (longestWork.get().compareTo(sinceLost) > 0) {
      end.run();
    }
  }
}
