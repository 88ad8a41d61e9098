// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.time.Deadline;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Lets a thread wait for a condition that other threads make true. */
final class Progress {
  private final Object lock = new Object();

  void changed() {
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  /** Waits; false when the time is up first. The condition must not take locks. */
  boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
    Deadline deadline = Deadline.after(limit);
    synchronized (lock) {
      while (!condition.getAsBoolean()) {
        long left = deadline.leftMillis();
        if (left == 0) {
          return false;
        }
        lock.wait(left);
      }
      return true;
    }
  }
}
