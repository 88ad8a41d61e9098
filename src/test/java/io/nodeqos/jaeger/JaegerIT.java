// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.jaeger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Jaeger behaves as the other tests assume. */
@RealJaeger
class JaegerIT {
  private final Jaeger jaeger;
  private final String trace = traceId();
  private final String service = "it-" + UUID.randomUUID();

  JaegerIT(Jaeger jaeger) {
    this.jaeger = jaeger;
  }

  private static String traceId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  @Test
  void sentTraceIsReadBackWithParentLinkAttributesAndFailure() {
    TraceSpan.Id root = new TraceSpan.Id(trace, "00000000000000a1");
    TraceSpan.Id child = new TraceSpan.Id(trace, "00000000000000a2");
    TraceSpan.Id elsewhere = new TraceSpan.Id(traceId(), "00000000000000b1");
    new OtlpJson(jaeger.otlpHttp())
        .send(
            service,
            OtlpJson.withLink(
                OtlpJson.withAttributes(
                    OtlpJson.span(root, "reconcile node", Duration.ofMillis(20)),
                    Map.of("k8s.node.name", "n1")),
                elsewhere),
            OtlpJson.failed(
                OtlpJson.withParent(
                    OtlpJson.span(child, "PATCH nodes", Duration.ofMillis(5)), root),
                "409"));

    List<TraceSpan> spans = jaeger.trace(trace, found -> found.size() == 2);

    TraceSpan first = named("reconcile node", spans);
    assertEquals(root, first.id());
    assertEquals(Optional.empty(), first.parent());
    assertEquals(List.of(elsewhere), first.links());
    assertEquals(Duration.ofMillis(20), first.duration());
    assertEquals("n1", first.tags().get("k8s.node.name"));
    assertFalse(first.failed());
    TraceSpan second = named("PATCH nodes", spans);
    assertEquals(Optional.of(root), second.parent());
    assertEquals(List.of(), second.links());
    assertTrue(second.failed());
    assertEquals("409", second.tags().get("otel.status_description"));
  }

  private static TraceSpan named(String name, List<TraceSpan> spans) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void serviceIsFoundByItsNameAndTracesByAnOperation() {
    TraceSpan.Id id = new TraceSpan.Id(trace, "00000000000000a1");
    new OtlpJson(jaeger.otlpHttp())
        .send(service, OtlpJson.span(id, "reconcile node", Duration.ofMillis(1)));

    jaeger.trace(trace, found -> found.size() == 1);

    assertTrue(jaeger.services().contains(service));
    assertEquals(1, jaeger.traces(service, "reconcile node", 10).size());
    assertEquals(1, jaeger.traces(service, "", 10).size());
    assertEquals(List.of(), jaeger.traces(service, "another", 10));
  }

  @Test
  void unknownTraceIsEmpty() {
    assertEquals(List.of(), jaeger.trace(traceId()));
  }
}
