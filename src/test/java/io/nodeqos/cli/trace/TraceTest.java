// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.cli.demo.JaegerTraces;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class TraceTest {

  @Test
  void eachSpanStandsBelowItsParentAndTheLastGateToOpenComesLast() {
    Trace trace = Trace.of(JaegerTraces.warmUp());

    assertEquals(
        List.of("warm up node", "gate csiDriver", "gate reservedPods"),
        trace.spans().stream().map(Trace.Span::name).toList());
    assertEquals(List.of(0, 1, 1), trace.spans().stream().map(Trace.Span::depth).toList());
    assertEquals(Duration.ofSeconds(20), trace.took());
    assertEquals("gate reservedPods", trace.longest().orElseThrow().name());
    assertEquals(JaegerTraces.START, trace.start());
  }

  @Test
  void timesCountFromTheEarliestSpanInAnyOrder() {
    Trace trace = Trace.of(JaegerTraces.reconcile());

    assertEquals("reconcile node", trace.root().name());
    assertEquals(JaegerTraces.START.plusMillis(4), trace.start());
    assertEquals(Duration.ofMillis(2), trace.spans().get(1).from());
    assertEquals(Duration.ofMillis(10), trace.took());
    assertTrue(trace.root().failed());
  }

  @Test
  void spanWithoutItsParentIsARoot() {
    Trace trace = Trace.of(JaegerTraces.trace(JaegerTraces.span("2", "1", "lost", 0, 1, Map.of())));

    assertEquals(0, trace.root().depth());
    assertTrue(trace.longest().isEmpty());
  }

  @Test
  void textOutputShowsABarForEachSpan() {
    assertEquals(
        List.of(
            "warm up node general-7: 20.0 s",
            "trace d1e9dc57ea0ed26f32d7f1e36cc3a5e6 of 2026-03-01T10:00:00Z",
            "policies gpu, base, leader epoch 2",
            "longest: gate reservedPods of kube-system, 20.0 s (kube-system/cilium-x)",
            "",
            "warm up node                        20.0 s  |" + "=".repeat(40) + "|",
            "  gate csiDriver csi.example.com    5.00 s  |"
                + "=".repeat(10)
                + " ".repeat(30)
                + "|  open when first seen",
            "  gate reservedPods of kube-system  20.0 s  |"
                + "=".repeat(40)
                + "|  kube-system/cilium-x"),
        TraceText.lines(Trace.of(JaegerTraces.warmUp())));
  }

  @Test
  void textOutputNamesAFailure() {
    List<String> lines = TraceText.lines(Trace.of(JaegerTraces.reconcile()));

    assertTrue(lines.get(4).endsWith("|  FAILED conflict, <409> & more"), lines.get(4));
    assertTrue(
        lines.get(5).endsWith("|        ================                |  FAILED 409"),
        lines.get(5));
  }

  @Test
  void rolloutShowsItsEndAndTheNodesOfEachStep() {
    String sentence = "2 of 5 nodes failed, at most 0 may; first: n2 (the node is not Ready).";
    Trace trace =
        Trace.of(
            JaegerTraces.trace(
                JaegerTraces.span(
                    "01", "", "rollout gold", 0, 9, Map.of("nodeqos.rollout.phase", "RolledBack")),
                JaegerTraces.span(
                    "02",
                    "01",
                    "step 1",
                    0,
                    6,
                    Map.of(
                        "nodeqos.rollout.updated", "5",
                        "otel.status_description", sentence,
                        "error", "true"))));

    assertEquals("RolledBack", trace.root().note());
    assertEquals("5 nodes updated, " + sentence, trace.spans().get(1).note());
    assertTrue(
        TraceSvg.of(trace)
            .contains(">5 nodes updated, 2 of 5 nodes failed, at most 0 may; first:…</text>"),
        TraceSvg.of(trace));
  }

  @Test
  void durationsHaveThreeDigits() {
    assertEquals("0.02 ms", TraceText.duration(Duration.ofNanos(20_000)));
    assertEquals("9.99 ms", TraceText.duration(Duration.ofNanos(9_994_000)));
    assertEquals("10.0 ms", TraceText.duration(Duration.ofNanos(9_996_000)));
    assertEquals("123 ms", TraceText.duration(Duration.ofMillis(123)));
    assertEquals("1.50 s", TraceText.duration(Duration.ofMillis(1500)));
    assertEquals("3m12s", TraceText.duration(Duration.ofSeconds(192)));
  }

  @Test
  void pictureIsXmlWithEscapedTextAndMarkedFailures() throws Exception {
    String svg = TraceSvg.of(Trace.of(JaegerTraces.reconcile()));

    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertTrue(svg.contains(">conflict, &lt;409&gt; &amp; more</text>"), svg);
    assertEquals(2, Pattern.compile("rect class=\"failed\"").matcher(svg).results().count());
    assertTrue(svg.contains("prefers-color-scheme: dark"));
    assertFalse(svg.contains("NaN"));
  }

  @Test
  void pictureMarksTheLongestSpanAndEndsWithTheTrace() {
    String svg = TraceSvg.of(Trace.of(JaegerTraces.warmUp()));

    assertEquals(1, Pattern.compile("rect class=\"longest\"").matcher(svg).results().count());
    assertTrue(svg.contains(">20 s</text>") && !svg.contains(">25 s</text>"), svg);
  }
}
