// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.telemetry.logging.LogContext;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.telemetry.tracing.Tracing.Work;
import io.nodeqos.time.TimeSource;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TracingTest {
  private final RecordedTraces traces = new RecordedTraces(TimeSource.system());

  @Test
  void disabledTracingCreatesNoSpans() {
    Tracing off = Tracing.off();
    assertSame(SpanRef.NONE, off.event(TriggerKind.NODE, "n", ""));
    try (WorkTrace trace = off.begin(work());
        LogContext ignored = trace.logContext()) {
      assertFalse(trace.isTraced());
      assertSame(SpanRef.NONE, trace.ref());
      assertSame(WorkTrace.NONE, WorkTrace.current());
      assertEquals("done", WorkTrace.current().part("part", () -> "done"));
      assertEquals(null, MDC.get("trace_id"));
    }
    off.close();
  }

  @Test
  void logLinesOfAReconcileNameItsSpan() {
    try (WorkTrace trace = traces.tracing().begin(work());
        LogContext ignored = trace.logContext()) {
      assertEquals(trace.ref().toString(), MDC.get("trace_id") + "/" + MDC.get("span_id"));
    }
    assertEquals(null, MDC.get("trace_id"));
    SpanData span = traces.only("reconcile node");
    assertEquals(32, span.getTraceId().length());
  }

  @Test
  void spanOfAnEventIsNamedAfterItsKind() {
    traces.tracing().event(TriggerKind.POD, "n", "storage");
    traces.tracing().event(TriggerKind.CSI_NODE, "n", "");
    traces.tracing().event(TriggerKind.NAMESPACE, "storage", "storage");
    assertEquals(
        Map.of("k8s.node.name", "n", "k8s.namespace.name", "storage"),
        RecordedTraces.attributes(traces.only("pod event")));
    assertEquals(
        Map.of("k8s.namespace.name", "storage"),
        RecordedTraces.attributes(traces.only("namespace event")));
    traces.only("csi node event");
  }

  @Test
  void histogramCarriesTheTraceAsExemplar() {
    Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
    try (WorkTrace ignored = traces.tracing().begin(work())) {
      metrics.sync().synced("n", "", "written", 1_000_000);
    }
    String text = metrics.scrape("application/openmetrics-text; version=1.0.0").text();
    String trace = traces.only("reconcile node").getTraceId();
    assertTrue(text.contains("trace_id=\"" + trace + "\""), text);
  }

  private static Tracing.Beginning work() {
    return new Tracing.Beginning(Work.NODE, "n", "Node", SpanRef.NONE, Duration.ZERO, 1);
  }
}
