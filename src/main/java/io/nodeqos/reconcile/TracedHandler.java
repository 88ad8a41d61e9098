// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.telemetry.logging.LogContext;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.WorkTrace;

/**
 * Creates a span for each piece of work; the work adds its details to {@link WorkTrace#current}.
 * The next attempt links to this one.
 */
public final class TracedHandler implements WorkerPool.Handler {
  private final Tracing tracing;
  private final Tracing.Work work;
  private final WorkerPool.Handler handler;

  public TracedHandler(Tracing tracing, Tracing.Work work, WorkerPool.Handler handler) {
    this.tracing = tracing;
    this.work = work;
    this.handler = handler;
  }

  @Override
  public Outcome handle(WorkItem item) throws Exception {
    if (!tracing.isOn()) {
      return handler.handle(item);
    }
    Tracing.Beginning beginning =
        new Tracing.Beginning(
            work,
            item.key(),
            item.trigger().kind().code(),
            item.trigger().span(),
            item.queuedFor(),
            item.attempt());
    try (WorkTrace trace = tracing.begin(beginning);
        LogContext ignored = trace.logContext()) {
      return handled(item, trace);
    }
  }

  private Outcome handled(WorkItem item, WorkTrace trace) throws Exception {
    try {
      return handler.handle(item).of(trace.ref());
    } catch (Exception | Error e) {
      trace.threw(e);
      throw e;
    }
  }
}
