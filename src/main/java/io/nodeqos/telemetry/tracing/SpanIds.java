// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * The ids of a span that every replica can name without communication: they are derived from what
 * the span is about.
 */
record SpanIds(String traceId, String spanId) {
  private static final int TRACE_BYTES = TraceId.getLength() / 2;
  private static final int SPAN_BYTES = SpanId.getLength() / 2;

  /** The root of the trace of a warm-up: {@code warm-up/<uid>/<bootID>}. */
  static SpanIds ofWarmUp(String uid, String bootId) {
    return of("warm-up/" + uid + "/" + bootId);
  }

  /** The root of the trace of a rollout: {@code rollout/<uid>/<revision>/<start>}. */
  static SpanIds ofRollout(String uid, String revision, Instant start) {
    return of("rollout/" + uid + "/" + revision + "/" + start);
  }

  /** A child of this one in the same trace. */
  SpanIds part(String name) {
    return new SpanIds(traceId, of(traceId + "/" + spanId + "/" + name).spanId());
  }

  /** The first 16 bytes of SHA-256 are the trace's id, the next 8 the root span's. */
  private static SpanIds of(String subject) {
    byte[] hash = sha256(subject);
    return new SpanIds(
        TraceId.fromBytes(nonZero(hash, 0, TRACE_BYTES)),
        SpanId.fromBytes(nonZero(hash, TRACE_BYTES, SPAN_BYTES)));
  }

  /** For a link: it is not known yet whether that trace is sampled. */
  SpanContext context() {
    return SpanContext.create(traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault());
  }

  /** All zeros is no valid id (W3C Trace Context). */
  private static byte[] nonZero(byte[] hash, int from, int length) {
    byte[] id = new byte[length];
    System.arraycopy(hash, from, id, 0, length);
    int any = 0;
    for (byte one : id) {
      any |= one;
    }
    if (any == 0) {
      id[length - 1] = 1;
    }
    return id;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
