// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.nodeqos.telemetry.logging.LogContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The span of one piece of work, with its children. Belongs to one thread, on which it is {@link
 * #current} until {@link #close}.
 *
 * <p>Work in memory takes microseconds, and mostly finds no change. So its children are only noted,
 * and become spans at the end: not if the result is {@link #UNCHANGED}, no request was made, no
 * child failed, and the work took less than a millisecond.
 */
public final class WorkTrace implements AutoCloseable {
  /** There is no work, or tracing is off: all its methods do nothing. */
  static final WorkTrace NONE = new WorkTrace(null, null, null, Span.getInvalid());

  /** The result of work that found no change. */
  public static final String UNCHANGED = "unchanged";

  private static final ContextKey<WorkTrace> CURRENT = ContextKey.named("nodeqos.work");
  private static final long SLOW_NANOS = 1_000_000;
  private static final int INITIAL_PARTS = 12;

  private final Tracer tracer;
  private final DerivedIds ids;
  private final SpanClock time;
  private final Span span;
  private final boolean recording;
  private final List<Part> parts;
  private Scope scope = Scope.noop();
  private boolean worthDetails;

  /**
   * A child that is not a span yet; its times are nanoseconds since the work began.
   *
   * @param failure null when it succeeded
   */
  private record Part(String what, String whose, long begin, long end, Throwable failure) {}

  private WorkTrace(Tracer tracer, DerivedIds ids, SpanClock time, Span span) {
    this.tracer = tracer;
    this.ids = ids;
    this.time = time;
    this.span = span;
    this.recording = span.isRecording();
    this.parts = recording ? new ArrayList<>(INITIAL_PARTS) : List.of();
  }

  @SuppressWarnings("MustBeClosedChecker") // Closed by close().
  static WorkTrace begin(Tracer tracer, DerivedIds ids, SpanClock time, Span span) {
    WorkTrace trace = new WorkTrace(tracer, ids, time, span);
    trace.scope = Context.root().with(span).with(CURRENT, trace).makeCurrent();
    return trace;
  }

  /** The present work of this thread. Never null. */
  public static WorkTrace current() {
    WorkTrace current = Context.current().get(CURRENT);
    return current == null ? NONE : current;
  }

  /** Names its span, for a link from what follows. */
  public SpanRef ref() {
    return SpanRef.of(span.getSpanContext());
  }

  /** The fields {@code trace_id} and {@code span_id} of each log line; none if it is not kept. */
  public LogContext logContext() {
    return recording
        ? LogContext.of(LogContext.Key.TRACE_ID, span.getSpanContext().getTraceId())
            .and(LogContext.Key.SPAN_ID, span.getSpanContext().getSpanId())
        : LogContext.empty();
  }

  /** The id of its trace, 32 hexadecimal digits; empty if it is not kept. */
  public String traceId() {
    return recording ? span.getSpanContext().getTraceId() : "";
  }

  /** The header {@code traceparent} (W3C Trace Context) that names its span; only if sampled. */
  public Optional<String> traceparent() {
    return span.getSpanContext().isSampled()
        ? Optional.ofNullable(headers(Context.root().with(span)).get("traceparent"))
        : Optional.empty();
  }

  /** The decision: its policies by precedence, and its version. */
  public void decided(List<String> policies, String configVersion) {
    if (recording) {
      if (!policies.isEmpty()) {
        span.setAttribute(TraceKeys.POLICY, String.join(",", policies));
      }
      if (!configVersion.isEmpty()) {
        span.setAttribute(TraceKeys.CONFIG_VERSION, configVersion);
      }
    }
  }

  /**
   * The node was given other revisions of policies.
   *
   * @param revisions {@code <policy>=<revision>}
   */
  public void moved(List<String> revisions) {
    if (recording) {
      span.setAttribute(TraceKeys.REVISION, String.join(",", revisions));
    }
  }

  /** The work is done as the leader of this term. */
  public void leads(long epoch) {
    if (recording) {
      span.setAttribute(TraceKeys.EPOCH, epoch);
    }
  }

  /** It is part of the warm-up of this boot of this node. */
  public void linkToWarmUp(String uid, String bootId) {
    if (recording) {
      span.addLink(SpanIds.ofWarmUp(uid, bootId).context());
    }
  }

  /** How it ended: one of a few fixed words. */
  public void result(String word) {
    if (recording) {
      worthDetails |= !word.equals(UNCHANGED);
      span.setAttribute(TraceKeys.RESULT, word);
    }
  }

  /** It failed for a reason that may be temporary. */
  public void failed(String why) {
    if (recording) {
      worthDetails = true;
      span.setStatus(StatusCode.ERROR, why);
    }
  }

  /** An unexpected error ended it. */
  public void threw(Throwable failure) {
    if (recording) {
      failed(failure.toString());
      span.recordException(failure);
    }
  }

  /** Does a part of the work; a child of this name shows its duration. */
  public <T> T part(String name, Supplier<T> work) {
    if (!recording) {
      return work.get();
    }
    long begin = time.elapsed();
    try {
      T done = work.get();
      parts.add(new Part(name, "", begin, time.elapsed(), null));
      return done;
    } catch (RuntimeException | Error failure) {
      parts.add(new Part(name, "", begin, time.elapsed(), failure));
      throw failure;
    }
  }

  /** A QoS worker has just planned for so long, or failed. */
  public void workerPlanned(String worker, Optional<Throwable> failure, long nanos) {
    if (recording) {
      long end = time.elapsed();
      worthDetails |= failure.isPresent();
      parts.add(new Part("worker ", worker, Math.max(0, end - nanos), end, failure.orElse(null)));
    }
  }

  /** False for no work, and when tracing is off; true also for work that is not sampled. */
  public boolean isTraced() {
    return span.getSpanContext().isValid();
  }

  /** Starts the span of a request, a child of this one. Only if {@link #isTraced}. */
  public RequestTrace request(RequestTrace.Target target) {
    worthDetails = true;
    return RequestTrace.begin(tracer, target);
  }

  /** Exports the trace of a warm-up that this piece of work has just ended. */
  public void warmedUp(WarmUpTrace warmUp) {
    if (isTraced()) {
      warmUp.write(tracer, ids, span.getSpanContext());
    }
  }

  @Override
  public void close() {
    scope.close();
    if (recording) {
      long end = time.elapsed();
      if (worthDetails || end > SLOW_NANOS) {
        parts.forEach(this::write);
      }
      span.end(time.epochNanos(end), NANOSECONDS);
    }
  }

  private void write(Part part) {
    Span child =
        tracer
            .spanBuilder(part.what().concat(part.whose()))
            .setParent(Context.root().with(span))
            .setStartTimestamp(time.epochNanos(part.begin()), NANOSECONDS)
            .startSpan();
    if (part.failure() != null) {
      child.setStatus(StatusCode.ERROR, part.failure().toString());
      child.recordException(part.failure());
    }
    child.end(time.epochNanos(part.end()), NANOSECONDS);
  }

  static Map<String, String> headers(Context context) {
    Map<String, String> headers = new HashMap<>();
    W3CTraceContextPropagator.getInstance().inject(context, headers, Map::put);
    return headers;
  }
}
