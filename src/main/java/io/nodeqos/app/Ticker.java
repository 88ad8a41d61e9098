// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.thread.DaemonThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats tasks on one daemon thread, with a pause after each round. */
final class Ticker {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private final String name;
  private final Duration pause;
  private final List<Runnable> tasks;
  private final ScheduledExecutorService timer;

  Ticker(String name, Duration pause, Runnable... tasks) {
    this.name = name;
    this.pause = pause;
    this.tasks = List.of(tasks);
    this.timer = Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory(name));
  }

  /** The first round comes after a pause. */
  void start() {
    timer.scheduleWithFixedDelay(
        this::round, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop() {
    timer.shutdownNow();
  }

  /** A timer stops with the first exception; this one goes on, also with the other tasks. */
  private void round() {
    for (Runnable task : tasks) {
      try {
        task.run();
      } catch (RuntimeException defect) {
        LOG.error("Round of {} failed, retrying", name, defect);
      }
    }
  }
}
