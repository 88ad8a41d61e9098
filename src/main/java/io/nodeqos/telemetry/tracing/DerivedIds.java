// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;

/** Random ids, except for the one span that is started within {@link #with}. */
final class DerivedIds implements IdGenerator {
  private final IdGenerator random = IdGenerator.random();
  private final ThreadLocal<SpanIds> given = new ThreadLocal<>();

  /** Starts a span with the given ids; that of the trace counts for a root only. */
  <T> T with(SpanIds ids, Supplier<T> start) {
    given.set(ids);
    try {
      return start.get();
    } finally {
      given.remove();
    }
  }

  @Override
  public String generateSpanId() {
    SpanIds ids = given.get();
    return ids == null ? random.generateSpanId() : ids.spanId();
  }

  @Override
  public String generateTraceId() {
    SpanIds ids = given.get();
    return ids == null ? random.generateTraceId() : ids.traceId();
  }

  /** A hash is as evenly distributed as a random number, which is the only need of samplers. */
  @Override
  public boolean generatesRandomTraceIds() {
    return true;
  }
}
