// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.cli.demo.NodeBoard.Condition;
import io.nodeqos.cli.demo.NodeBoard.Phase;
import io.nodeqos.cli.demo.NodeBoard.State;
import io.nodeqos.cli.demo.NodeBoard.Times;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoJaegerTest {
  @TempDir Path directory;

  private Path script(String body) throws IOException {
    Path script = directory.resolve("jaeger-script");
    Files.writeString(script, "#!/bin/sh\necho \"$@\" >>" + directory + "/calls\n" + body + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void jaegerStartsAndStopsWithTheDemo() throws Exception {
    Path script =
        script(
            """
            echo 'User interface and query API: http://127.0.0.1:1'
            echo 'OTLP/HTTP: http://127.0.0.1:2'
            echo 'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:3'""");

    try (DemoJaeger jaeger = DemoJaeger.start(script, directory)) {
      assertEquals(URI.create("http://127.0.0.1:1"), jaeger.query());
      assertEquals(URI.create("http://127.0.0.1:3"), jaeger.collector());
      assertTrue(
          jaeger.header().get(0).endsWith("http://127.0.0.1:1/search?service=node-qos-controller"));
    }

    assertEquals(
        List.of(
            "up --dir " + directory + "/jaeger --owner " + ProcessHandle.current().pid(),
            "down --dir " + directory + "/jaeger"),
        Files.readAllLines(directory.resolve("calls")));
  }

  @Test
  void demoExplainsWhyJaegerIsMissing() throws IOException {
    Path script = script("exit 1");

    assertThrows(DemoJaeger.NotStarted.class, () -> DemoJaeger.start(script, directory));
  }

  @Test
  void demoContinuesWhenJaegerHasStopped() throws Exception {
    Path script =
        script(
            """
            echo 'User interface and query API: http://127.0.0.1:1'
            echo 'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:3'""");
    try (DemoJaeger jaeger = DemoJaeger.start(script, directory)) {
      State warm = new State("n", Phase.WARM, true, new Condition("", ""), new Times(0, 1, 1));

      assertTrue(jaeger.slowest(List.of(warm)).get(0).startsWith("Jaeger does not answer: "));
      assertEquals(List.of("Jaeger has no trace of a warm-up."), jaeger.slowest(List.of()));
    }
  }
}
