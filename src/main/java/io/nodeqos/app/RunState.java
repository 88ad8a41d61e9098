// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the process starts, runs or has been asked to stop. Safe for many threads. */
final class RunState {
  private static final Logger LOG = LoggerFactory.getLogger(RunState.class);

  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private volatile boolean started;
  private volatile boolean overdue;

  /** Every component has started. */
  void started() {
    started = true;
  }

  /** Every component has started, and no stop was asked for. */
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

  /** The process has to end without waiting for anything. */
  void endOverdue() {
    LOG.error("the Lease is lost and work that was begun under it still runs; ending the process");
    overdue = true;
    askStop();
  }

  boolean isOverdue() {
    return overdue;
  }
}
