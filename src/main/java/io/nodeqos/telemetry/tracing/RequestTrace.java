// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Map;

/**
 * The span of one request to the API server, by the semantic conventions for HTTP clients. It is
 * the current span of its thread until it is closed.
 */
public final class RequestTrace implements AutoCloseable {
  private static final int FIRST_ERROR = 400;

  private final Span span;
  private final Scope scope;

  /**
   * The target of a request.
   *
   * @param resource the plural of the kind, with the subresource: {@code nodes/status}
   * @param path that was sent
   * @param template the path with a placeholder for each name
   */
  public record Target(
      String method, String resource, String path, String template, String host, int port) {}

  private RequestTrace(Span span, Scope scope) {
    this.span = span;
    this.scope = scope;
  }

  @SuppressWarnings("MustBeClosedChecker") // Closed by close().
  static RequestTrace begin(Tracer tracer, Target target) {
    Span span =
        tracer
            .spanBuilder(target.method() + " " + target.resource())
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(TraceKeys.METHOD, target.method())
            .setAttribute(TraceKeys.URL_PATH, target.path())
            .setAttribute(TraceKeys.URL_TEMPLATE, target.template())
            .setAttribute(TraceKeys.SERVER, target.host())
            .setAttribute(TraceKeys.PORT, (long) target.port())
            .startSpan();
    return new RequestTrace(span, span.makeCurrent());
  }

  /**
   * The headers that pass its context to the server: {@code traceparent}, and {@code tracestate} if
   * any.
   */
  public Map<String, String> headers() {
    return WorkTrace.headers(Context.current());
  }

  public void answered(int status) {
    span.setAttribute(TraceKeys.STATUS, (long) status);
    if (status >= FIRST_ERROR) {
      span.setAttribute(TraceKeys.ERROR_TYPE, Integer.toString(status));
      span.setStatus(StatusCode.ERROR);
    }
  }

  /** The request was not sent, or not answered. */
  public void failed(Throwable failure) {
    span.setAttribute(TraceKeys.ERROR_TYPE, failure.getClass().getName());
    span.setStatus(StatusCode.ERROR, failure.toString());
    span.recordException(failure);
  }

  @Override
  public void close() {
    scope.close();
    span.end();
  }
}
