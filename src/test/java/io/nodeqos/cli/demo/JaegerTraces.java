// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Traces in the form of Jaeger's query API. */
public final class JaegerTraces {
  public static final String ID = "d1e9dc57ea0ed26f32d7f1e36cc3a5e6";
  public static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private JaegerTraces() {}

  public static JsonObject warmUp() {
    return trace(
        span(
            "01",
            "",
            "warm up node",
            0,
            20_000,
            Map.of(
                "k8s.node.name", "general-7",
                "nodeqos.policy", "gpu,base",
                "nodeqos.leader.epoch", "2")),
        span(
            "02",
            "01",
            "gate reservedPods",
            0,
            20_000,
            Map.of(
                "nodeqos.gate", "reservedPods of kube-system",
                "nodeqos.gate.accuracy", "observed",
                "nodeqos.gate.blocker", "kube-system/cilium-x")),
        span(
            "03",
            "01",
            "gate csiDriver",
            0,
            5_000,
            Map.of(
                "nodeqos.gate", "csiDriver csi.example.com",
                "nodeqos.gate.accuracy", "first_seen",
                "nodeqos.gate.blocker", "csi.example.com")));
  }

  /** The parent comes last, as it is sent last. */
  public static JsonObject reconcile() {
    return trace(
        span(
            "12",
            "11",
            "PATCH nodes",
            6,
            4,
            Map.of(
                "http.response.status_code", "409",
                "error", "true")),
        span("13", "11", "GET nodes", 10, 2, Map.of("http.response.status_code", "200")),
        span(
            "11",
            "",
            "reconcile node",
            4,
            10,
            Map.of(
                "k8s.node.name", "general-7",
                "nodeqos.result", "conflict",
                "error", "true",
                "otel.status_description", "<409> & more")));
  }

  public static JsonObject trace(JsonObject... spans) {
    JsonObject trace = new JsonObject();
    trace.addProperty("traceID", ID);
    trace.add("spans", JsonParser.parseString(List.of(spans).toString()));
    return trace;
  }

  public static JsonObject span(
      String id, String parent, String name, long fromMs, long tookMs, Map<String, String> tags) {
    List<String> fields = new ArrayList<>();
    tags.forEach(
        (key, value) ->
            fields.add("{'key': '%s', 'type': 'string', 'value': '%s'}".formatted(key, value)));
    String link =
        "{'refType': 'FOLLOWS_FROM', 'traceID': '%s', 'spanID': 'ff'}"
            .formatted(ID.replace('d', 'a'));
    String references =
        parent.isEmpty()
            ? link
            : "{'refType': 'CHILD_OF', 'traceID': '%s', 'spanID': '%s'}".formatted(ID, parent);
    return JsonParser.parseString(
            """
            {'traceID': '%s', 'spanID': '%s', 'operationName': '%s', 'references': [%s],
             'startTime': %d, 'duration': %d, 'tags': [%s], 'processID': 'p1'}"""
                .formatted(
                    ID,
                    id,
                    name,
                    references,
                    ChronoUnit.MICROS.between(Instant.EPOCH, START) + 1000 * fromMs,
                    Duration.ofMillis(tookMs).toNanos() / 1000,
                    String.join(",", fields)))
        .getAsJsonObject();
  }
}
