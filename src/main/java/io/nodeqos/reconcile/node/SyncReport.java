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

  /** To be closed by the same thread: until then its log lines carry the fields. */
  Timed started(WorkItem item) {
    return new Timed(item, logContext(item), time.nanos());
  }

  /** A write met a node that had changed. */
  void conflict() {
    metrics.conflict();
  }

  /** The node is reconciled again at once after a conflict. */
  void conflictRetry() {
    metrics.conflictRetry();
  }

  private LogContext logContext(WorkItem item) {
    return LogContext.of(LogContext.Key.NODE, item.key())
        .and(LogContext.Key.NAMESPACE, item.trigger().namespace())
        .and(LogContext.Key.EPOCH, fence.isOpen() ? fence.epoch() : "");
  }

  /** One reconcile. One that throws has no result and is not measured. */
  final class Timed implements AutoCloseable {
    private final WorkItem item;
    private final LogContext logContext;
    private final long start;

    private Timed(WorkItem item, LogContext logContext, long start) {
      this.item = item;
      this.logContext = logContext;
      this.start = start;
    }

    void ended(Step step) {
      long end = time.nanos();
      String result = step.result().code();
      WorkTrace.current().result(result);
      metrics.synced(
          item.key(),
          item.trigger().kind() == TriggerKind.POD ? item.trigger().namespace() : "",
          result,
          end - start);
      undecided.ended(item.key(), step.result(), end);
    }

    @Override
    public void close() {
      logContext.close();
    }
  }
}
