// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.WorkQueueMetrics;
import io.nodeqos.time.TimeSource;

/** Makes work queues and the pools that empty them, each measured under its name. */
final class WorkQueues {
  private final LiveSettings settings;
  private final Metrics metrics;
  private final TimeSource time;

  WorkQueues(LiveSettings settings, Metrics metrics, TimeSource time) {
    this.settings = settings;
    this.metrics = metrics;
    this.time = time;
  }

  KeyedQueue queue(String name) {
    return new KeyedQueue(retry(), time, metrics.workQueue(name));
  }

  /** A pool that has not started. */
  WorkerPool pool(String name, int workers, KeyedQueue queue, WorkerPool.Handler handler) {
    WorkQueueMetrics measured = metrics.workQueue(name);
    WorkerPool pool = new WorkerPool(name, workers, queue, handler, measured, time);
    measured.observe(queue::length, queue::unfinishedSeconds, queue::longestRunningSeconds);
    measured.observeFailing(queue::oldestFailingSeconds);
    measured.observeThreads(pool::threads, pool::busy);
    return pool;
  }

  /** Delays by the settings in force at each failure. */
  RetryDelays retry() {
    return failures -> Backoff.of(settings.get().queue().retry()).delay(failures);
  }

  RetryDelays afterConflicts() {
    return failures ->
        Backoff.of(settings.get().queue().retry())
            .afterConflicts(settings.get().queue().conflictRetry())
            .delay(failures);
  }
}
