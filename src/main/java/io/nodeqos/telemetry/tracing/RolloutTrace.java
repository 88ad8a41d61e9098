// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans of the trace of one rollout. Its ids are derived from the policy, the revision and the
 * start, so that each leader can export the parts that end in its term, and the last leader the
 * root.
 *
 * @param parts that have ended
 * @param end empty while the rollout is under way: the root is not exported yet
 */
public record RolloutTrace(Subject subject, List<Part> parts, Optional<End> end) {
  /** Version 00 of W3C Trace Context, which this process writes. */
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  public RolloutTrace {
    parts = List.copyOf(parts);
  }

  /**
   * The rollout.
   *
   * @param uid of the policy
   * @param epoch the leader term that exports the spans
   */
  public record Subject(
      String policy, String uid, String stable, String revision, Instant start, long epoch) {}

  /**
   * A step, or the way back.
   *
   * @param name distinguishes it from the other parts of the rollout
   * @param allHealthy since when all nodes of the step have been healthy
   * @param writes that gave nodes another revision; the SDK keeps the first 128 links of a span
   *     (OTEL_SPAN_LINK_COUNT_LIMIT)
   */
  public record Part(
      String name,
      Instant begin,
      Instant end,
      Optional<Instant> allHealthy,
      Outcome outcome,
      List<NodeWrite> writes) {
    public Part {
      writes = List.copyOf(writes);
    }
  }

  /**
   * The state at the end of a part.
   *
   * @param updated nodes on the revision
   * @param reason one of a few fixed words
   * @param failure why it failed; empty when it did not
   */
  public record Outcome(int step, int updated, int failed, String reason, String failure) {}

  /**
   * The write that gave a node another revision.
   *
   * @param traceparent names the span of the write (W3C Trace Context)
   */
  public record NodeWrite(String node, String traceparent) {}

  /**
   * The end of the rollout.
   *
   * @param phase one of a few fixed words
   * @param failure why it failed; empty when it did not
   */
  public record End(Instant at, String phase, int steps, int nodes, String failure) {}

  /** Returns the id of the trace; empty if it is not kept. */
  String write(Tracer tracer, DerivedIds ids) {
    SpanIds derived = SpanIds.ofRollout(subject.uid(), subject.revision(), subject.start());
    // Only a span that ends is exported. Before that, it asks the sampler, which each leader must
    // ask for itself.
    Span root = ids.with(derived, () -> root(tracer).startSpan());
    if (!root.getSpanContext().isSampled()) {
      return "";
    }
    Context parent = Context.root().with(root);
    for (Part part : parts) {
      SpanBuilder builder = part(tracer, parent, part);
      Span span = ids.with(derived.part(part.name()), builder::startSpan);
      part.allHealthy()
          .ifPresent(
              at -> span.addEvent("all nodes healthy", SpanClock.epochNanos(at), NANOSECONDS));
      fail(span, part.outcome().failure());
      end(span, part.begin(), part.end());
    }
    end.ifPresent(last -> end(root, last));
    return derived.traceId();
  }

  private SpanBuilder root(Tracer tracer) {
    return child(tracer, Context.root(), "rollout " + subject.policy(), subject.start())
        .setAttribute(TraceKeys.POLICY_UID, subject.uid())
        .setAttribute(TraceKeys.STABLE, subject.stable());
  }

  private SpanBuilder part(Tracer tracer, Context parent, Part part) {
    Outcome outcome = part.outcome();
    SpanBuilder builder =
        child(tracer, parent, part.name(), part.begin())
            .setAttribute(TraceKeys.STEP, (long) outcome.step())
            .setAttribute(TraceKeys.UPDATED, (long) outcome.updated())
            .setAttribute(TraceKeys.FAILED, (long) outcome.failed())
            .setAttribute(TraceKeys.REASON, outcome.reason())
            .setAttribute(TraceKeys.WRITES, (long) part.writes().size());
    for (NodeWrite write : part.writes()) {
      SpanContext written = span(write.traceparent());
      if (written.isValid()) {
        builder.addLink(written, Attributes.of(TraceKeys.NODE, write.node()));
      }
    }
    return builder;
  }

  private SpanBuilder child(Tracer tracer, Context parent, String name, Instant begin) {
    return tracer
        .spanBuilder(name)
        .setParent(parent)
        .setStartTimestamp(SpanClock.epochNanos(begin), NANOSECONDS)
        .setAttribute(TraceKeys.POLICY, subject.policy())
        .setAttribute(TraceKeys.REVISION, subject.revision())
        .setAttribute(TraceKeys.EPOCH, subject.epoch());
  }

  private void end(Span root, End last) {
    root.setAttribute(TraceKeys.PHASE, last.phase());
    root.setAttribute(TraceKeys.STEPS, (long) last.steps());
    root.setAttribute(TraceKeys.NODES, (long) last.nodes());
    fail(root, last.failure());
    end(root, subject.start(), last.at());
  }

  private static void fail(Span span, String failure) {
    if (!failure.isEmpty()) {
      span.setStatus(StatusCode.ERROR, failure);
    }
  }

  /** The clocks of two leaders may differ. */
  private static void end(Span span, Instant begin, Instant end) {
    span.end(SpanClock.epochNanos(end.isBefore(begin) ? begin : end), NANOSECONDS);
  }

  /** Invalid when it names no span. */
  private static SpanContext span(String traceparent) {
    Matcher fields = TRACEPARENT.matcher(traceparent);
    return fields.matches()
        ? SpanContext.create(
            fields.group(1),
            fields.group(2),
            TraceFlags.fromHex(fields.group(3), 0),
            TraceState.getDefault())
        : SpanContext.getInvalid();
  }
}
