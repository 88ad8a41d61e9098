// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Lets a thread wait for a condition that other threads bring about. */
final class Progress {
  private final Object lock = new Object();

  void changed() {
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  /** Waits; false when the time is up first. The condition must not take locks. */
  boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (lock) {
      while (!condition.getAsBoolean()) {
        long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
          return false;
        }
        lock.wait(leftMillis);
      }
      return true;
    }
  }
}
