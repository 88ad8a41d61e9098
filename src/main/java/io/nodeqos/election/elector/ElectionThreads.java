// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.thread.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The election's own daemon threads: rounds, requests on the Lease, calls of the listeners. */
final class ElectionThreads {

  private static final Logger LOG = LoggerFactory.getLogger(ElectionThreads.class);

  private final ExecutorService requests;
  private final ExecutorService listeners;
  private volatile Thread runner;

  private ElectionThreads(ExecutorService requests, ExecutorService listeners) {
    this.requests = requests;
    this.listeners = listeners;
  }

  static ElectionThreads create() {
    return new ElectionThreads(
        Executors.newSingleThreadExecutor(DaemonThreads.factory("election-requests")),
        Executors.newSingleThreadExecutor(DaemonThreads.factory("election-listeners")));
  }

  /** Where requests on the Lease run, one after the other. */
  ExecutorService requests() {
    return requests;
  }

  void startRounds(Runnable rounds) {
    Thread thread = DaemonThreads.named("election", rounds);
    runner = thread;
    thread.start();
  }

  /** Ends the present round of the elector, also one that waits. */
  void endRound() {
    Thread thread = runner;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Runs it next to the requests: never under the monitor of the caller. */
  void prepare(Runnable begin) {
    execute(requests, begin);
  }

  void tellListeners(Runnable call) {
    execute(listeners, call);
  }

  private static void execute(ExecutorService thread, Runnable call) {
    try {
      thread.execute(call);
    } catch (RejectedExecutionException e) {
      LOG.debug("The election is closed", e);
    }
  }

  /** Waits for the thread of the rounds, which must be about to end. */
  void joinRounds(Duration timeout) throws InterruptedException {
    Thread thread = runner;
    if (thread != null) {
      thread.join(timeout.toMillis());
    }
  }

  /** Lets the listeners finish their calls, then ends the threads. */
  void close(Duration timeout) throws InterruptedException {
    requests.shutdown();
    listeners.shutdown();
    if (!listeners.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("Leadership listener still running after {}ms", timeout.toMillis());
    }
  }
}
