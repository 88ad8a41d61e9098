// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

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

  WorkQueueMetrics(Families families, String name) {
    this.families = families;
    this.name = name;
  }

  /** A key was accepted that was not waiting yet. */
  public void added() {
    families.adds.labels(name).inc();
  }

  /** A key was handed out after it had waited this long. */
  public void handedOut(long waitedNanos) {
    families.queueDuration.labels(name).observe(seconds(waitedNanos));
  }

  /** Work on a key ended after this long, well or badly. */
  public void finished(long workedNanos) {
    families.workDuration.labels(name).observe(seconds(workedNanos));
  }

  /** A key failed and was put back with a delay. */
  public void retried() {
    families.retries.labels(name).inc();
  }

  /** A handler ended with an exception it should have turned into a result. */
  public void handlerThrew() {
    families.exceptions.labels(name).inc();
  }

  /**
   * Registers what is asked for at each scrape.
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

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  /** The families that all queues of a process share. */
  static final class Families {
    private final Counter adds =
        Counter.build("workqueue_adds_total", "Keys added to a queue, without duplicates.")
            .labelNames("name")
            .create();
    private final Counter retries =
        Counter.build("workqueue_retries_total", "Keys put back after a failure.")
            .labelNames("name")
            .create();
    private final Counter exceptions =
        Counter.build("workqueue_handler_exceptions_total", "Handlers ended by an exception.")
            .labelNames("name")
            .create();
    private final Histogram queueDuration =
        Histogram.build("workqueue_queue_duration_seconds", "How long keys waited for a worker.")
            .labelNames("name")
            .buckets(Buckets.WAIT)
            .create();
    private final Histogram workDuration =
        Histogram.build("workqueue_work_duration_seconds", "How long work on a key took.")
            .labelNames("name")
            .buckets(Buckets.CALL)
            .create();
    private final PullGauge depth =
        new PullGauge("workqueue_depth", "Keys that are ready and wait for a worker.", "name");
    private final PullGauge unfinished =
        new PullGauge(
            "workqueue_unfinished_work_seconds", "Time spent so far on keys in flight.", "name");
    private final PullGauge longestRunning =
        new PullGauge(
            "workqueue_longest_running_processor_seconds",
            "Time spent so far on the key that has been in flight the longest.",
            "name");

    void register(CollectorRegistry registry) {
      adds.register(registry);
      retries.register(registry);
      exceptions.register(registry);
      queueDuration.register(registry);
      workDuration.register(registry);
      depth.register(registry);
      unfinished.register(registry);
      longestRunning.register(registry);
    }
  }
}
