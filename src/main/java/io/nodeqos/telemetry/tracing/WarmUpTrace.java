// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The trace of one warm-up, exported as a whole when it has ended: it shows where the time went.
 * Its ids are derived from the node's uid and boot, so that other replicas can name it before it is
 * exported.
 *
 * @param stableSince since when all gates were open, if the policy has a stable time after that
 */
public record WarmUpTrace(
    NodeInfo subject, Instant begin, Instant end, List<Gate> gates, Optional<Instant> stableSince) {

  /**
   * The node of the warm-up, and its policies.
   *
   * @param round distinguishes a warm-up from the one before in the same boot; empty for the first
   */
  public record NodeInfo(
      String node,
      String uid,
      String bootId,
      String round,
      List<String> policies,
      String configVersion,
      long epoch) {}

  /**
   * The wait for one gate.
   *
   * @param kind the field of the policy: {@code reservedPods}
   * @param title the name of the gate: {@code reservedPods of kube-system}
   * @param accuracy how the time of its opening is known; a fixed word
   * @param blocker the last blocker, empty if it is not known
   */
  public record Gate(
      String kind,
      String title,
      Instant awaited,
      Instant opened,
      Enum<?> accuracy,
      String blocker) {}

  void write(Tracer tracer, DerivedIds ids, SpanContext endedBy) {
    Span root =
        ids.with(
            SpanIds.ofWarmUp(subject.uid(), subject.bootId() + subject.round()),
            () -> root(tracer, endedBy).startSpan());
    if (root.getSpanContext().isSampled()) {
      Context parent = Context.root().with(root);
      gates.forEach(gate -> write(tracer, parent, gate));
      stableSince.ifPresent(
          since ->
              child(tracer, parent, "stabilize", since).startSpan().end(nanos(end), NANOSECONDS));
    }
    root.end(nanos(end), NANOSECONDS);
  }

  private SpanBuilder root(Tracer tracer, SpanContext endedBy) {
    SpanBuilder builder =
        child(tracer, Context.root(), "warm up node", begin)
            .addLink(endedBy)
            .setAttribute(TraceKeys.NODE, subject.node())
            .setAttribute(TraceKeys.NODE_UID, subject.uid())
            .setAttribute(TraceKeys.BOOT_ID, subject.bootId())
            .setAttribute(TraceKeys.POLICY, String.join(",", subject.policies()))
            .setAttribute(TraceKeys.EPOCH, subject.epoch());
    return subject.configVersion().isEmpty()
        ? builder
        : builder.setAttribute(TraceKeys.CONFIG_VERSION, subject.configVersion());
  }

  private void write(Tracer tracer, Context parent, Gate gate) {
    SpanBuilder builder =
        child(tracer, parent, "gate " + gate.kind(), gate.awaited())
            .setAttribute(TraceKeys.GATE, gate.title())
            .setAttribute(TraceKeys.GATE_ACCURACY, gate.accuracy().name().toLowerCase(Locale.ROOT));
    if (!gate.blocker().isEmpty()) {
      builder.setAttribute(TraceKeys.GATE_BLOCKER, gate.blocker());
    }
    builder.startSpan().end(nanos(gate.opened()), NANOSECONDS);
  }

  private static SpanBuilder child(Tracer tracer, Context parent, String name, Instant begin) {
    return tracer.spanBuilder(name).setParent(parent).setStartTimestamp(nanos(begin), NANOSECONDS);
  }

  private static long nanos(Instant instant) {
    return SpanClock.epochNanos(instant);
  }
}
