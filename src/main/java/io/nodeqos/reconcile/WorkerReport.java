// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.election.Fence;
import io.nodeqos.events.QosEvent;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.telemetry.metrics.QosWorkerMetrics;
import io.nodeqos.telemetry.tracing.WorkTrace;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reports the state of the QoS workers: metrics on every replica, events by the leader alone. */
public final class WorkerReport implements WorkerObserver {
  private static final Duration PERIOD = Duration.ofMinutes(10);

  private final QosWorkerMetrics metrics;
  private final EventPublisher events;
  private final Fence fence;
  private final TimeSource time;
  private final Map<String, Reported> reported = new ConcurrentHashMap<>();

  public WorkerReport(
      QosWorkerMetrics metrics, EventPublisher events, Fence fence, TimeSource time) {
    this.metrics = metrics;
    this.events = events;
    this.fence = fence;
    this.time = time;
  }

  @Override
  public void planned(String worker, Run run) {
    metrics.worked(worker, run.succeeded(), run.nanos(), run.cpuNanos());
    WorkTrace.current().workerPlanned(worker, run.failure(), run.nanos());
  }

  @Override
  public void failed(Failure failure) {
    if (!fence.isOpen() || !isNews(failure.worker())) {
      return;
    }
    String message = "Worker " + failure.worker() + " failed: " + failure.error() + ".";
    if (failure.node().isPresent()) {
      events.node(
          QosEvent.Type.WORKER_FAILED,
          failure.node().get().meta(),
          "",
          new QosEvent.Context("", "", fence.epoch()),
          message
              + (failure.plugin()
                  ? " The node keeps the sections and resources of this worker."
                  : " The node keeps its present configuration."));
    } else {
      events.controller(QosEvent.Type.WORKER_FAILED, message);
    }
  }

  /** At most one event for one worker in a term and ten minutes; a new leader reports it again. */
  private boolean isNews(String worker) {
    Reported now = new Reported(fence.epoch(), time.nanos());
    boolean[] news = new boolean[1];
    reported.compute(
        worker,
        (name, before) -> {
          news[0] = before == null || before.isOldAt(now);
          return news[0] ? now : before;
        });
    return news[0];
  }

  private record Reported(long epoch, long nanos) {
    boolean isOldAt(Reported now) {
      return now.epoch != epoch || now.nanos - nanos >= PERIOD.toNanos();
    }
  }
}
