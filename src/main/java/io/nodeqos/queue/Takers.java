// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;

/**
 * The threads that wait for a key. One of them, the timekeeper, waits for the next delay; the
 * others wait to be woken. All methods are called under the lock of the condition.
 */
final class Takers {
  private final Condition available;
  private Thread timekeeper;

  Takers(Condition available) {
    this.available = available;
  }

  /**
   * Waits until there may be a key; it can end without one.
   *
   * @param nanosUntilDue when the next delay is over; empty when nothing is delayed
   */
  void await(OptionalLong nanosUntilDue) throws InterruptedException {
    if (nanosUntilDue.isEmpty() || timekeeper != null) {
      available.await();
      return;
    }
    timekeeper = Thread.currentThread();
    try {
      available.awaitNanos(nanosUntilDue.getAsLong());
    } finally {
      if (timekeeper == Thread.currentThread()) {
        timekeeper = null;
      }
    }
  }

  void wakeOne() {
    available.signal();
  }

  void wakeAll() {
    available.signalAll();
  }

  /** A key is due before all others: another timekeeper waits for that. */
  void dueEarlier() {
    timekeeper = null;
    available.signal();
  }

  /** A taker that leaves wakes the next one, so that there is always a timekeeper. */
  void passOn() {
    if (timekeeper == null) {
      available.signal();
    }
  }
}
