// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.function.DoubleSupplier;

/**
 * The metrics of one work queue, under the names and labels of client-go's workqueue provider, so
 * that dashboards made for Go controllers read them. Safe for use by many threads.
 */
public final class WorkQueueMetrics {
  private final Families families;
  private final String name;
  private final Counter.Child adds;
  private final Counter.Child retries;
  private final Counter.Child exceptions;
  private final Histogram.Child queueDuration;
  private final Histogram.Child workDuration;

  WorkQueueMetrics(Families families, String name) {
    this.families = families;
    this.name = name;
    this.adds = families.adds.labels(name);
    this.retries = families.retries.labels(name);
    this.exceptions = families.exceptions.labels(name);
    this.queueDuration = families.queueDuration.labels(name);
    this.workDuration = families.workDuration.labels(name);
  }

  /** A key was accepted that was not waiting yet. */
  public void added() {
    adds.inc();
  }

  /** A key was handed out after it had waited this long. */
  public void handedOut(long waitedNanos) {
    queueDuration.observe(seconds(waitedNanos));
  }

  /** Work on a key ended after this long, well or badly. */
  public void finished(long workedNanos) {
    workDuration.observe(seconds(workedNanos));
  }

  /** A key failed and was put back with a delay. */
  public void retried() {
    retries.inc();
  }

  /** A handler ended with an unexpected exception. */
  public void handlerThrew() {
    exceptions.inc();
  }

  /**
   * Registers the suppliers that are called at each scrape.
   *
   * @param depth keys that are ready and wait for a worker
   * @param unfinishedSeconds time spent so far on everything in flight, summed
   * @param longestRunningSeconds time spent so far on the key that has been in flight the longest
   */
  public void observe(
      DoubleSupplier depth,
      DoubleSupplier unfinishedSeconds,
      DoubleSupplier longestRunningSeconds) {
    families.depth.add(depth, name);
    families.unfinished.add(unfinishedSeconds, name);
    families.longestRunning.add(longestRunningSeconds, name);
  }

  /**
   * Registers the supplier of the time that the longest failing key has been failing, 0 when none
   * fails; called at each scrape.
   */
  public void observeFailing(DoubleSupplier oldestFailingSeconds) {
    families.oldestFailing.add(oldestFailingSeconds, name);
  }

  /**
   * Registers the suppliers about the threads of the queue; called at each scrape.
   *
   * @param threads how many there are
   * @param busy how many of them are at work on a key
   */
  public void observeThreads(DoubleSupplier threads, DoubleSupplier busy) {
    families.threads.add(threads, name);
    families.busyThreads.add(busy, name);
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  /** The families that all queues of a process share. */
  static final class Families {
    private final Counter adds =
        Instruments.counter(
            "workqueue_adds_total", "Keys added to a queue, without duplicates.", "name");
    private final Counter retries =
        Instruments.counter("workqueue_retries_total", "Keys put back after a failure.", "name");
    private final Counter exceptions =
        Instruments.counter(
            "workqueue_handler_exceptions_total",
            "Work on a key that ended with an exception.",
            "name");
    private final Histogram queueDuration =
        Instruments.histogram(
            "workqueue_queue_duration_seconds",
            "Time that keys waited for a worker.",
            Buckets.WORK_QUEUE,
            "name");
    private final Histogram workDuration =
        Instruments.histogram(
            "workqueue_work_duration_seconds",
            "Duration of the work on a key.",
            Buckets.WORK_QUEUE,
            "name");
    private final PullGauge depth =
        new PullGauge("workqueue_depth", "Keys that are ready and wait for a worker.", "name");
    private final PullGauge unfinished =
        new PullGauge(
            "workqueue_unfinished_work_seconds",
            "Time spent so far on all keys in flight; grows steadily when a worker is stuck.",
            "name");
    private final PullGauge longestRunning =
        new PullGauge(
            "workqueue_longest_running_processor_seconds",
            "Time spent so far on the key that has been in flight the longest.",
            "name");
    private final PullGauge oldestFailing =
        new PullGauge(
            "qos_oldest_failing_seconds",
            "Time that the longest failing key has been failing without a success; 0 when none"
                + " fails.",
            "name");
    private final PullGauge threads = new PullGauge("qos_threads", "Threads of a queue.", "name");
    private final PullGauge busyThreads =
        new PullGauge("qos_busy_threads", "Threads of a queue that are at work on a key.", "name");

    void register(CollectorRegistry registry) {
      adds.register(registry);
      retries.register(registry);
      exceptions.register(registry);
      queueDuration.register(registry);
      workDuration.register(registry);
      depth.register(registry);
      unfinished.register(registry);
      longestRunning.register(registry);
      oldestFailing.register(registry);
      threads.register(registry);
      busyThreads.register(registry);
    }
  }
}
