// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.reconcile.fleet.Undecided;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over the leader, as the renewal of a Lease says nothing of the work: one whose workers
 * make no progress, whose reconciles come to no decision or whose caches hear nothing steps down by
 * itself, and one whose work goes on after the Lease is lost ends the process. Not thread-safe: one
 * thread calls {@link #check}.
 */
final class LeaderWatchdog {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderWatchdog.class);

  private final Signals signals;
  private final Actions actions;
  private final Limits limits;
  private final TimeSource time;
  private boolean led;
  private OptionalLong lostNanos = OptionalLong.empty();

  /**
   * What it looks at.
   *
   * @param workersStalled how long work has waited without any worker getting on
   * @param cachesStale how long a cache has been cut off
   * @param waitingToStart how long the Lease has been held while caches catch up
   * @param undecided nodes that wait while no reconcile comes to a decision
   * @param longestWork how long the oldest work in flight has been running
   */
  record Signals(
      BooleanSupplier leading,
      Supplier<Duration> workersStalled,
      Supplier<Duration> cachesStale,
      Supplier<Duration> waitingToStart,
      Supplier<Optional<Undecided.Stall>> undecided,
      Supplier<Duration> longestWork) {}

  /**
   * What it does.
   *
   * @param stepDown takes the cause and a phrase for the log
   * @param end ends the process
   */
  record Actions(BiConsumer<Cause, String> stepDown, Runnable end) {}

  /** Why a leader steps down. */
  enum Cause {
    WORKERS,
    CACHES,
    DECISIONS;

    /** A label of metrics. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param noProgress after which a leader steps down
   * @param stop how long work may go on after the Lease is lost
   */
  record Limits(Duration noProgress, Duration stop) {}

  LeaderWatchdog(Signals signals, Actions actions, Limits limits, TimeSource time) {
    this.signals = signals;
    this.actions = actions;
    this.limits = limits;
    this.time = time;
  }

  /** The same, over and over by a timer, which would stop with the first exception. */
  void checkSafely() {
    try {
      check();
    } catch (RuntimeException e) {
      LOG.error("The leader could not be watched over; it is tried again", e);
    }
  }

  void check() {
    stepDownIf(
        Cause.CACHES,
        "the caches have not caught up with the API server",
        signals.waitingToStart().get());
    boolean leads = signals.leading().getAsBoolean();
    if (leads) {
      lostNanos = OptionalLong.empty();
      stepDownIf(Cause.WORKERS, "no worker has got on", signals.workersStalled().get());
      stepDownIf(
          Cause.CACHES,
          "a cache has been cut off from the API server",
          signals.cachesStale().get());
      signals
          .undecided()
          .get()
          .filter(stall -> isTooLong(stall.lasting()))
          .ifPresent(stall -> actions.stepDown().accept(Cause.DECISIONS, stall.clause()));
    } else if (led) {
      lostNanos = OptionalLong.of(time.nanos());
    } else if (lostNanos.isPresent()) {
      checkStopped(time.since(lostNanos.getAsLong()));
    }
    led = leads;
  }

  private void stepDownIf(Cause cause, String what, Duration lasting) {
    if (isTooLong(lasting)) {
      actions.stepDown().accept(cause, what + " for " + lasting.toSeconds() + " s");
    }
  }

  private boolean isTooLong(Duration lasting) {
    return lasting.compareTo(limits.noProgress()) > 0;
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
