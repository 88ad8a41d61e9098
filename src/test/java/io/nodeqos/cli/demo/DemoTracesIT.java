// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.Alone;
import io.nodeqos.jaeger.RealJaeger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged demo with a Jaeger of its own. */
@RealJaeger
@Alone
class DemoTracesIT {
  private static final Pattern WARM_UP =
      Pattern.compile("The slowest warm-up: (http://127.0.0.1:\\d+)/trace/[0-9a-f]{32}");

  @TempDir Path directory;

  @Test
  void demoEndsWithTheTraceOfTheSlowestWarmUp() throws Exception {
    Path out = directory.resolve("out");
    Process demo =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dnodeqos.hack=hack",
                    "-Djava.io.tmpdir=" + directory,
                    "-jar",
                    Path.of("target", "node-qos-controller-demo.jar").toString(),
                    "demo",
                    "--traces",
                    "--nodes=3",
                    "--replicas=1"))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();

    boolean ended = demo.waitFor(200, TimeUnit.SECONDS);
    String output = Files.readString(out);
    demo.destroyForcibly();

    assertTrue(ended, "the demo gives up by itself: " + output);
    assertEquals(0, demo.exitValue(), output);
    Matcher warmUp = WARM_UP.matcher(output);
    assertTrue(warmUp.find(), output);
    assertTrue(output.contains("/search?service=node-qos-controller"), output);
    assertTrue(output.contains("\nlongest: "), output);
    assertTrue(output.contains("  gate nodeReady "), output);
    try (var left = Files.find(directory, 3, (path, attributes) -> path.endsWith("jaeger"))) {
      assertEquals(List.of(), left.toList(), "Jaeger ended with the demo");
    }
  }
}
