// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.election.Fence;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.fleet.Undecided;
import io.nodeqos.telemetry.logging.LogContext;
import io.nodeqos.telemetry.metrics.SyncMetrics;
import io.nodeqos.telemetry.tracing.TriggerKind;
import io.nodeqos.telemetry.tracing.WorkTrace;
import io.nodeqos.time.TimeSource;
import java.util.function.Supplier;

/** Measures each reconcile of a node, and adds fields to its log lines. Thread-safe. */
public final class SyncReport {
  private final SyncMetrics metrics;
  private final Undecided undecided;
  private final Fence fence;
  private final TimeSource time;

  public SyncReport(SyncMetrics metrics, Undecided undecided, Fence fence, TimeSource time) {
    this.metrics = metrics;
    this.undecided = undecided;
    this.fence = fence;
    this.time = time;
  }

  Step of(WorkItem item, Supplier<Step> work) {
    long start = time.nanos();
    try (LogContext ignored = logContext(item)) {
      Step step = work.get();
      long end = time.nanos();
      WorkTrace.current().result(step.result().code());
      metrics.synced(
          item.key(),
          item.trigger().kind() == TriggerKind.POD ? item.trigger().namespace() : "",
          step.result().code(),
          end - start);
      undecided.ended(item.key(), step.result(), end);
      return step;
    }
  }

  /** A write met a node that had changed. */
  void conflict(boolean isTriedAgainAtOnce) {
    metrics.conflict();
    if (isTriedAgainAtOnce) {
      metrics.conflictRetry();
    }
  }

  private LogContext logContext(WorkItem item) {
    return LogContext.of(LogContext.Key.NODE, item.key())
        .and(LogContext.Key.NAMESPACE, item.trigger().namespace())
        .and(LogContext.Key.EPOCH, fence.isOpen() ? fence.epoch() : "");
  }
}
