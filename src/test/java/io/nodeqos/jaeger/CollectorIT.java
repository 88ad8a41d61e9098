// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.jaeger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Collector takes {@code otel/collector.yaml}, and keeps the traces that it should. It is
 * the one in Jaeger, with the same components as the distribution that the manifests name.
 */
@RealJaeger
class CollectorIT {
  /** So many that a twentieth is far from a half. */
  private static final int ORDINARY = 200;

  private final Jaeger jaeger;
  private final String service = "it-" + UUID.randomUUID();

  @TempDir Path directory;

  CollectorIT(Jaeger jaeger) {
    this.jaeger = jaeger;
  }

  private String validate(Path config) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(jaeger.program().toString(), "validate", "--config=" + config)
            .redirectErrorStream(true);
    builder.environment().putAll(CollectorProcess.environment(jaeger));
    Process process = builder.start();
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "valid" : said;
    }
  }

  @Test
  void collectorAcceptsItsConfiguration() throws IOException, InterruptedException {
    assertEquals("valid", validate(CollectorProcess.CONFIG));
  }

  @Test
  void collectorRejectsAWrongKey() throws IOException, InterruptedException {
    Path wrong =
        Files.writeString(
            directory.resolve("collector.yaml"),
            Files.readString(CollectorProcess.CONFIG).replace("threshold_ms", "threshold"));

    String said = validate(wrong);

    assertTrue(said.contains("invalid keys: threshold"), said);
  }

  @Test
  void collectorKeepsFailedSlowWarmUpAndRolloutTracesAndSamplesOthers() {
    TraceSpan.Id failed = newTrace();
    TraceSpan.Id slow = newTrace();
    TraceSpan.Id warmUp = newTrace();
    TraceSpan.Id rejected = newTrace();
    TraceSpan.Id moved = newTrace();
    Duration fast = Duration.ofMillis(20);
    try (CollectorProcess collector =
        CollectorProcess.start(jaeger, directory, "processors::tail_sampling::decision_wait: 2s")) {
      OtlpJson otlp = new OtlpJson(collector.otlpHttp());
      JsonObject[] ordinary = new JsonObject[ORDINARY];
      for (int i = 0; i < ORDINARY; i++) {
        ordinary[i] = OtlpJson.span(newTrace(), "ordinary", fast);
      }
      otlp.send(service, ordinary);
      otlp.send(
          service,
          OtlpJson.span(failed, "reconcile node", fast),
          OtlpJson.failed(
              OtlpJson.withParent(
                  OtlpJson.span(
                      new TraceSpan.Id(failed.trace(), "00000000000000a2"), "PATCH nodes", fast),
                  failed),
              "500"),
          OtlpJson.span(slow, "reconcile node", Duration.ofMillis(1500)),
          OtlpJson.span(warmUp, "warm up node", fast),
          OtlpJson.withAttributes(
              OtlpJson.span(rejected, "reconcile node", fast),
              Map.of("nodeqos.result", "rejected")),
          OtlpJson.withAttributes(
              OtlpJson.span(moved, "reconcile node", fast),
              Map.of("nodeqos.revision", "gold=1a2b3c4d5e")));

      jaeger.trace(failed.trace(), spans -> spans.size() == 2);
      for (TraceSpan.Id kept : List.of(slow, warmUp, rejected, moved)) {
        jaeger.trace(kept.trace(), spans -> spans.size() == 1);
      }
    }

    // Decided before: they were sent before.
    int kept = jaeger.traces(service, "ordinary", ORDINARY).size();
    assertTrue(kept < ORDINARY / 2, () -> kept + " of " + ORDINARY);
  }

  private static TraceSpan.Id newTrace() {
    return new TraceSpan.Id(UUID.randomUUID().toString().replace("-", ""), "00000000000000a1");
  }
}
