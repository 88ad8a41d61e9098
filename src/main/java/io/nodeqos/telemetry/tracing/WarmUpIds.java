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

/**
 * The ids of the trace of one warm-up and of its root span. Derived from the node and its boot, so
 * that every replica names the same trace without communication.
 */
record WarmUpIds(String traceId, String spanId) {
  private static final int TRACE_BYTES = TraceId.getLength() / 2;
  private static final int SPAN_BYTES = SpanId.getLength() / 2;

  /**
   * The first 16 bytes of SHA-256 of {@code warm-up/<uid>/<bootID>} are the trace's id, the next 8
   * the root span's.
   */
  static WarmUpIds of(String uid, String bootId) {
    byte[] hash = sha256("warm-up/" + uid + "/" + bootId);
    return new WarmUpIds(
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
