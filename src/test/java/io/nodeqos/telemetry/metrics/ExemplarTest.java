// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExemplarTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String EXEMPLAR =
      " # {span_id=\"" + SPAN + "\",trace_id=\"" + TRACE + "\"} ";

  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);

  @Test
  void durationsCarryTheCurrentTrace() {
    try (Scope ignored = span(TraceFlags.getSampled()).makeCurrent()) {
      UsedMetrics.once(metrics);
    }
    List<String> exemplars = open().lines().filter(line -> line.contains(EXEMPLAR)).toList();
    assertEquals(
        List.of(
            "qos_sync_duration_seconds_bucket{le=\"0.005\"}",
            "qos_warmup_duration_seconds_bucket{le=\"60.0\"}",
            "qos_worker_duration_seconds_bucket{worker=\"zum\",result=\"success\",le=\"1.0E-4\"}"),
        exemplars.stream().map(line -> line.replaceFirst(" .*", "")).sorted().toList(),
        "one each, and of no other metric: " + exemplars);
    assertTrue(
        exemplars.get(0).matches(".*\\} 1\\.0 # \\{.*\\} \\d\\.\\d+(E-\\d+)? \\d+\\.\\d+"),
        "with value and time: " + exemplars);
  }

  @Test
  void unsampledTraceIsNoExemplar() {
    try (Scope ignored = span(TraceFlags.getDefault()).makeCurrent()) {
      UsedMetrics.once(metrics);
    }
    UsedMetrics.once(Metrics.create(MetricsSettings.DEFAULTS));
    assertFalse(open().contains(" # {"), open());
  }

  @Test
  void plainTextHasNoExemplars() {
    try (Scope ignored = span(TraceFlags.getSampled()).makeCurrent()) {
      UsedMetrics.once(metrics);
    }
    assertFalse(metrics.scrape("text/plain").text().contains(TRACE));
  }

  private static Span span(TraceFlags flags) {
    return Span.wrap(SpanContext.create(TRACE, SPAN, flags, TraceState.getDefault()));
  }

  private String open() {
    return metrics.scrape("application/openmetrics-text; version=1.0.0").text();
  }
}
