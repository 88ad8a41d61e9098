// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Watches over the leader, as the renewal of a Lease says nothing of the work: one whose workers
 * make no progress or whose caches hear nothing steps down by itself, and one whose work goes on
 * after the Lease is lost ends the process. Not thread-safe: one thread calls {@link #check}.
 */
final class LeaderWatchdog {
  private final Signals signals;
  private final Actions actions;
  private final Limits limits;
  private final LongSupplier nanoTime;
  private boolean led;
  private OptionalLong lostNanos = OptionalLong.empty();

  /**
   * What it looks at.
   *
   * @param workersStalled how long work has waited without any worker getting on
   * @param cachesStale how long a cache has been cut off
   * @param longestWork how long the oldest work in flight has been running
   */
  record Signals(
      BooleanSupplier leading,
      Supplier<Duration> workersStalled,
      Supplier<Duration> cachesStale,
      Supplier<Duration> longestWork) {}

  /**
   * What it does.
   *
   * @param stepDown takes a phrase for the log
   * @param end ends the process
   */
  record Actions(Consumer<String> stepDown, Runnable end) {}

  /**
   * @param noProgress after which a leader steps down
   * @param stop how long work may go on after the Lease is lost
   */
  record Limits(Duration noProgress, Duration stop) {}

  LeaderWatchdog(Signals signals, Actions actions, Limits limits, LongSupplier nanoTime) {
    this.signals = signals;
    this.actions = actions;
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  void check() {
    boolean leads = signals.leading().getAsBoolean();
    if (leads) {
      lostNanos = OptionalLong.empty();
      stepDownIf("no worker has got on", signals.workersStalled().get());
      stepDownIf("a cache has been cut off from the API server", signals.cachesStale().get());
    } else if (led) {
      lostNanos = OptionalLong.of(nanoTime.getAsLong());
    } else if (lostNanos.isPresent()) {
      checkStopped(Duration.ofNanos(nanoTime.getAsLong() - lostNanos.getAsLong()));
    }
    led = leads;
  }

  private void stepDownIf(String what, Duration lasting) {
    if (lasting.compareTo(limits.noProgress()) > 0) {
      actions.stepDown().accept(what + " for " + lasting.toSeconds() + " s");
    }
  }

  private void checkStopped(Duration sinceLost) {
    if (sinceLost.compareTo(limits.stop()) <= 0) {
      return;
    }
    lostNanos = OptionalLong.empty();
    // Only work that was begun while this process led: a standby goes on deciding.
    if (signals.longestWork().get().compareTo(sinceLost) > 0) {
      actions.end().run();
    }
  }
}
