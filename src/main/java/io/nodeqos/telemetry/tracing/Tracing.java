// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.nodeqos.time.TimeSource;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Makes the spans of this process. When tracing is off no spans are made, at practically no cost.
 * Thread-safe; never blocks and never throws.
 */
public final class Tracing implements AutoCloseable {
  /** The name of the instrumentation scope. */
  static final String SCOPE = "io.nodeqos";

  private final boolean on;
  private final Tracer tracer;
  private final DerivedIds ids;
  private final TimeSource time;
  private final Runnable stop;

  /** The kind of object of a piece of work. */
  public enum Work {
    NODE("reconcile node"),
    POLICY("reconcile policy");

    private final String span;

    Work(String span) {
      this.span = span;
    }
  }

  /**
   * The origin of a piece of work.
   *
   * @param key name of the node or policy
   * @param trigger kind of the object whose event it was, empty if unknown
   * @param cause the span to link to: the event, the attempt before, or the work that requested it
   */
  public record Beginning(
      Work work, String key, String trigger, SpanRef cause, Duration queuedFor, int attempt) {}

  Tracing(Tracer tracer, DerivedIds ids, TimeSource time, Runnable stop) {
    this(true, tracer, ids, time, stop);
  }

  private Tracing(boolean on, Tracer tracer, DerivedIds ids, TimeSource time, Runnable stop) {
    this.on = on;
    this.tracer = tracer;
    this.ids = ids;
    this.time = time;
    this.stop = stop;
  }

  /** Makes no spans. */
  public static Tracing off() {
    return new Tracing(
        false,
        OpenTelemetry.noop().getTracer(SCOPE),
        new DerivedIds(),
        TimeSource.system(),
        () -> {});
  }

  /** Whether spans are made; a span may still not be sampled. */
  public boolean isOn() {
    return on;
  }

  /**
   * An event in the cluster makes work: a short span, so that the work can link to it.
   *
   * @param name of the node, or of the policy or namespace that it is about
   * @param namespace of the object, empty for none
   */
  public SpanRef event(TriggerKind kind, String name, String namespace) {
    if (!on) {
      return SpanRef.NONE;
    }
    SpanBuilder builder = tracer.spanBuilder(kind.span()).setNoParent();
    switch (kind) {
      case POLICY -> builder.setAttribute(TraceKeys.POLICY, name);
      case NAMESPACE -> builder.setAttribute(TraceKeys.NAMESPACE, name);
      default -> builder.setAttribute(TraceKeys.NODE, name);
    }
    if (!namespace.isEmpty()) {
      builder.setAttribute(TraceKeys.NAMESPACE, namespace);
    }
    Span span = builder.startSpan();
    span.end();
    return SpanRef.of(span.getSpanContext());
  }

  /** Starts a piece of work on this thread; it is {@link WorkTrace#current} until it is closed. */
  public WorkTrace begin(Beginning work) {
    if (!on) {
      return WorkTrace.NONE;
    }
    SpanClock begin = SpanClock.start(time);
    SpanBuilder builder =
        tracer
            .spanBuilder(work.work().span)
            .setParent(Context.root())
            .setStartTimestamp(begin.epochNanos(), TimeUnit.NANOSECONDS)
            .setAttribute(work.work() == Work.NODE ? TraceKeys.NODE : TraceKeys.POLICY, work.key())
            .setAttribute(TraceKeys.QUEUE_WAIT, work.queuedFor().toMillis())
            .setAttribute(TraceKeys.ATTEMPT, (long) work.attempt());
    if (!work.trigger().isEmpty()) {
      builder.setAttribute(TraceKeys.TRIGGER, work.trigger());
    }
    if (work.cause().context().isValid()) {
      builder.addLink(work.cause().context());
    }
    return WorkTrace.begin(tracer, ids, begin, builder.startSpan());
  }

  /**
   * Exports spans of the trace of a rollout.
   *
   * @return the id of the trace, 32 hexadecimal digits; empty if it is not kept
   */
  public String rollout(RolloutTrace rollout) {
    return on ? rollout.write(tracer, ids) : "";
  }

  /** Sends the unsent spans, for a few seconds at most. */
  @Override
  public void close() {
    stop.run();
  }
}
