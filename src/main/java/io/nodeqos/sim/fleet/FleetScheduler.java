// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import io.nodeqos.thread.DaemonThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs the steps of all simulated nodes on a few threads. A step that fails with IOException is
 * retried after a second, for ever, as in real components.
 */
final class FleetScheduler implements FleetSteps, AutoCloseable {

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ScheduledThreadPoolExecutor executor;
  private final AtomicLong retries = new AtomicLong();
  private final AtomicReference<String> problem = new AtomicReference<>();

  FleetScheduler(int threads) {
    this.executor = new ScheduledThreadPoolExecutor(threads, DaemonThreads.factory("fleet"));
  }

  /** Runs the step once this time has passed; does nothing once this is closed. */
  @Override
  public void after(Duration delay, Step step) {
    if (!executor.isShutdown()) {
      executor.schedule(() -> attempt(step), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** How often a step was retried. */
  long retries() {
    return retries.get();
  }

  /** The last permanent failure: an answer that no retry will change. */
  Optional<String> problem() {
    return Optional.ofNullable(problem.get());
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      retries.incrementAndGet();
      after(RETRY, step);
    } catch (RuntimeException e) {
      problem.set(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }
}
