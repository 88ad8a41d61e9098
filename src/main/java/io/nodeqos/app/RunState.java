// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the process starts, runs or stops. Safe for many threads. */
final class RunState {
  private static final Logger LOG = LoggerFactory.getLogger(RunState.class);

  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private volatile boolean started;
  private volatile boolean overdue;

  /** Every component has started. */
  void started() {
    started = true;
  }

  /** Every component has started, and no stop was requested. */
  boolean isRunning() {
    return started && !isStopAsked();
  }

  void askStop() {
    stopAsked.countDown();
  }

  boolean isStopAsked() {
    return stopAsked.getCount() == 0;
  }

  void awaitStop() throws InterruptedException {
    stopAsked.await();
  }

  /** The process has to exit without a wait. */
  void endOverdue() {
    LOG.error("Lost the Lease with work still in flight; exiting");
    overdue = true;
    askStop();
  }

  boolean isOverdue() {
    return overdue;
  }
}
