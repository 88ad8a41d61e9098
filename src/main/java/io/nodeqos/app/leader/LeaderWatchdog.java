// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import java.time.Duration;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * Watches the leader, as the renewal of a Lease is no proof of progress: a leader whose workers
 * make no progress, whose reconciles come to no decision or whose caches receive no events steps
 * down. For one thread.
 */
public final class LeaderWatchdog {
  private final LeaderSigns signs;
  private final BiConsumer<Cause, String> stepDown;
  private final Duration noProgressLimit;

  /** Why a leader steps down. */
  public enum Cause {
    WORKERS,
    CACHES,
    DECISIONS;

    /** A label of metrics. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param stepDown takes the cause and a phrase for the log
   * @param noProgressLimit after which a leader steps down
   */
  public LeaderWatchdog(
      LeaderSigns signs, BiConsumer<Cause, String> stepDown, Duration noProgressLimit) {
    this.signs = signs;
    this.stepDown = stepDown;
    this.noProgressLimit = noProgressLimit;
  }

  public void check() {
    stepDownIf(
        Cause.CACHES, "the caches did not catch up with the API server", signs.waitingToStart());
    if (!signs.leading()) {
      return;
    }
    stepDownIf(Cause.WORKERS, "no worker made progress", signs.workersStalled());
    stepDownIf(Cause.CACHES, "a cache was cut off from the API server", signs.cachesStale());
    signs
        .undecided()
        .filter(stall -> isTooLong(stall.lasting()))
        .ifPresent(stall -> stepDown.accept(Cause.DECISIONS, stall.clause()));
  }

  private void stepDownIf(Cause cause, String what, Duration lasting) {
    if (isTooLong(lasting)) {
      stepDown.accept(cause, what + " for " + lasting.toSeconds() + "s");
    }
  }

  private boolean isTooLong(Duration lasting) {
    return lasting.compareTo(noProgressLimit) > 0;
  }
}
