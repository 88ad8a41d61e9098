// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.election.Fence;
import io.nodeqos.events.QosEvent;
import io.nodeqos.node.NodeView;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.telemetry.QosWorkerMetrics;
import io.nodeqos.telemetry.WorkTrace;
import java.util.Optional;

/** Tells how the QoS workers do: metrics on every replica, events by the leader alone. */
public final class WorkerReport implements WorkerObserver {
  private final QosWorkerMetrics metrics;
  private final EventPublisher events;
  private final Fence fence;

  public WorkerReport(QosWorkerMetrics metrics, EventPublisher events, Fence fence) {
    this.metrics = metrics;
    this.events = events;
    this.fence = fence;
  }

  @Override
  public void planned(String worker, Run run) {
    metrics.worked(worker, run.succeeded(), run.nanos(), run.cpuNanos());
    WorkTrace.current().workerPlanned(worker, run.failure(), run.nanos());
  }

  @Override
  public void failed(String worker, Optional<NodeView> node, String error) {
    if (!fence.isOpen()) {
      return;
    }
    String message = "Worker " + worker + " failed: " + error + ".";
    if (node.isPresent()) {
      events.node(
          QosEvent.Type.WORKER_FAILED,
          node.get().meta(),
          "",
          new QosEvent.Context("", "", fence.epoch()),
          message + " The node keeps the configuration that it has.");
    } else {
      events.controller(QosEvent.Type.WORKER_FAILED, message);
    }
  }
}
