// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.opentelemetry.api.trace.SpanContext;

/**
 * Names a span, so that a later one can link to it; it goes with a piece of work through the queue.
 * Immutable and small.
 */
public final class SpanRef {
  /** No span: tracing is off, or the cause has none. */
  public static final SpanRef NONE = new SpanRef(SpanContext.getInvalid());

  private final SpanContext context;

  private SpanRef(SpanContext context) {
    this.context = context;
  }

  static SpanRef of(SpanContext context) {
    return context.isValid() ? new SpanRef(context) : NONE;
  }

  SpanContext context() {
    return context;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SpanRef ref && context.equals(ref.context);
  }

  @Override
  public int hashCode() {
    return context.hashCode();
  }

  @Override
  public String toString() {
    return context.isValid() ? context.getTraceId() + "/" + context.getSpanId() : "none";
  }
}
