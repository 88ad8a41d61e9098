// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.fixture.Alone;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, as a user starts it. */
@Alone
class DemoIT {

  private static final Path JAR = Path.of("target", "node-qos-controller-demo.jar");

  @TempDir Path directory;

  @Test
  void fleetIsConfiguredAndWarmedByRealProcessesAlthoughTheLeaderIsKilled() throws Exception {
    Path summary = directory.resolve("summary.json");
    Process demo = start("--nodes", "12", "--summary", summary.toString());

    boolean ended = demo.waitFor(200, TimeUnit.SECONDS);
    String output = Files.readString(directory.resolve("out"));
    demo.destroyForcibly();

    assertTrue(ended, "the demo gives up by itself: " + output);
    assertEquals(0, demo.exitValue(), output);
    JsonObject result = JsonParser.parseString(Files.readString(summary)).getAsJsonObject();
    assertEquals(12, result.get("nodes").getAsInt(), output);
    assertEquals(12, result.get("configured").getAsInt(), output);
    assertEquals(11, result.get("warm").getAsInt(), output);
    assertEquals(0, result.get("nodesOverWriteBudget").getAsInt(), output);
    assertEquals(0, result.get("writesAfterConvergence").getAsInt(), output);
    JsonObject waiting = result.getAsJsonArray("waiting").get(0).getAsJsonObject();
    assertEquals("ReservedPodsNotReady", waiting.get("reason").getAsString(), output);
    assertFalse(output.contains("\u001b"), "no escape sequences in a file: " + output);
    assertEquals(0, result.get("overlappingWrites").getAsInt(), output);
    // More where a starved machine loses a Lease of six seconds.
    assertTrue(result.getAsJsonArray("leaders").size() >= 2, "one was killed: " + output);
    JsonObject failover = result.getAsJsonObject("failover");
    assertEquals("SIGKILL", failover.get("kind").getAsString(), output);
    assertEquals(0, failover.get("listsAfterTakeOver").getAsInt(), output);
    assertEquals(0, failover.get("writesToConvergedNodes").getAsInt(), output);
    assertEquals(3, controllers(output).size(), "three replicas by default: " + output);
    assertTrue(
        controllers(output).stream().allMatch(DemoIT::isGone),
        "the controllers ended with the demo: " + output);
    try (var left = Files.list(directory)) {
      assertEquals(
          List.of(),
          left.filter(path -> path.getFileName().toString().startsWith("node-qos-demo-")).toList(),
          "nothing is left");
    }
  }

  @Test
  void goodChangeReachesAllNodesAndABadOneIsTakenBack() throws Exception {
    Path summary = directory.resolve("summary.json");
    Process demo =
        start("--rollout", "--nodes", "30", "--replicas", "2", "--summary", summary.toString());

    boolean ended = demo.waitFor(400, TimeUnit.SECONDS);
    String output = Files.readString(directory.resolve("out"));
    demo.destroyForcibly();

    assertTrue(ended, "the demo gives up by itself: " + output);
    assertEquals(0, demo.exitValue(), output);
    JsonObject rollout =
        JsonParser.parseString(Files.readString(summary))
            .getAsJsonObject()
            .getAsJsonObject("rollout");
    JsonObject good = rollout.getAsJsonObject("good");
    assertEquals("Complete", good.get("phase").getAsString(), output);
    assertEquals(30, good.get("updatedAtEnd").getAsInt(), output);
    assertEquals(0, good.get("rolledBack").getAsInt(), output);
    assertEquals(0, good.get("flaps").getAsInt(), output);
    assertEquals(30, good.get("writesToNodes").getAsInt(), "one for each node: " + output);
    assertEquals(0, good.get("writesToNodesAfter").getAsInt(), output);
    JsonObject bad = rollout.getAsJsonObject("bad");
    assertEquals("RolledBack", bad.get("phase").getAsString(), output);
    int most = bad.get("updatedAtMost").getAsInt();
    assertTrue(most > 0 && most <= 3, "at most the nodes of the second step: " + output);
    assertEquals(0, bad.get("updatedAtEnd").getAsInt(), output);
    assertEquals(most, bad.get("rolledBack").getAsInt(), output);
    assertEquals(0, bad.get("flaps").getAsInt(), output);
    assertEquals(2 * most, bad.get("writesToNodes").getAsInt(), "there and back: " + output);
    assertTrue(output.contains("nodeqos-gold/cpu.max: No such file or directory"), output);
  }

  @Test
  void oneReplicaIsEnoughWithoutAKill() throws Exception {
    Path summary = directory.resolve("summary.json");
    Process demo = start("--nodes", "3", "--replicas", "1", "--summary", summary.toString());

    boolean ended = demo.waitFor(200, TimeUnit.SECONDS);
    String output = Files.readString(directory.resolve("out"));
    demo.destroyForcibly();

    assertTrue(ended, "the demo gives up by itself: " + output);
    assertEquals(0, demo.exitValue(), output);
    JsonObject result = JsonParser.parseString(Files.readString(summary)).getAsJsonObject();
    assertEquals(1, result.getAsJsonArray("leaders").size(), output);
    assertTrue(result.get("failover").isJsonNull(), "there was none: " + output);
    assertEquals(1, controllers(output).size(), output);
  }

  @Test
  void controllersEndWhenTheDemoIsKilled() throws Exception {
    Process demo = start("--nodes", "2", "--stay");
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
      while (!Files.readString(directory.resolve("out")).contains("configured 2")) {
        assertTrue(
            demo.isAlive() && System.nanoTime() < deadline,
            "nothing was configured: " + Files.readString(directory.resolve("out")));
        Thread.sleep(100);
      }
    } finally {
      demo.destroyForcibly();
    }
    List<Long> controllers = controllers(Files.readString(directory.resolve("out")));

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!controllers.stream().allMatch(DemoIT::isGone)) {
      assertTrue(System.nanoTime() < deadline, "a controller is still there");
      Thread.sleep(100);
    }
  }

  private Process start(String... arguments) throws IOException {
    File out = directory.resolve("out").toFile();
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dsun.net.httpserver.nodelay=true",
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                JAR.toAbsolutePath().toString(),
                "demo"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out);
    return builder.start();
  }

  private static List<Long> controllers(String output) {
    List<Long> pids =
        Pattern.compile("node-qos-controller-\\d+: process (\\d+)")
            .matcher(output)
            .results()
            .map(line -> Long.parseLong(line.group(1)))
            .toList();
    assertFalse(pids.isEmpty(), "the demo prints the controllers' processes: " + output);
    return pids;
  }

  // A process that has ended but was not waited for by a new parent has no command any more.
  private static boolean isGone(long pid) {
    return ProcessHandle.of(pid)
        .map(process -> !process.isAlive() || process.info().command().isEmpty())
        .orElse(true);
  }
}
