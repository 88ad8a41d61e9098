// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Metrics of the QoS workers (quota, images, reservation and those of plug-ins). Safe for use by
 * many threads.
 */
public final class QosWorkerMetrics {
  private final LabelledGauge status =
      new LabelledGauge(
          "qos_worker_status", "Whether a QoS worker is healthy: 1, else 0.", "worker");
  private final PullGauge workers =
      new PullGauge("qos_workers", "QoS workers, all of which take part in each sync.");
  private final Histogram duration =
      Instruments.tracedHistogram(
          "qos_worker_duration_seconds",
          "Duration of a QoS worker for one node.",
          Buckets.WORKER,
          "worker",
          "result");
  private final Counter cpu =
      Instruments.counter("qos_worker_cpu_seconds_total", "CPU time of a QoS worker.", "worker");
  private final Map<String, One> byWorker = new ConcurrentHashMap<>();

  void register(CollectorRegistry registry) {
    status.register(registry);
    workers.register(registry);
    duration.register(registry);
    cpu.register(registry);
  }

  /** Sets the source of the health of each worker, by name. */
  public void health(Supplier<? extends Map<String, Boolean>> healthy) {
    status.source(
        () ->
            healthy.get().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue() ? 1 : 0)));
    workers.add(() -> healthy.get().size());
  }

  /**
   * A worker contributed to the plan of one node, or failed to.
   *
   * @param nanos how long it took
   * @param cpuNanos CPU time of its thread in that time, 0 when it is not known
   */
  public void worked(String worker, boolean succeeded, long nanos, long cpuNanos) {
    One one = byWorker.computeIfAbsent(worker, this::children);
    (succeeded ? one.success : one.error).observe(nanos / 1e9);
    one.cpu.inc(cpuNanos / 1e9);
  }

  private One children(String worker) {
    return new One(
        duration.labels(worker, "success"), duration.labels(worker, "error"), cpu.labels(worker));
  }

  private static final class One {
    private final Histogram.Child success;
    private final Histogram.Child error;
    private final Counter.Child cpu;

    One(Histogram.Child success, Histogram.Child error, Counter.Child cpu) {
      this.success = success;
      this.error = error;
      this.cpu = cpu;
    }
  }
}
