// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.e2e.rig.FaultRig;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Member;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The history and stream of a node by its replicas: real processes on a real API server. The output
 * for operators is left in {@code target/e2e/history.txt}.
 */
@RealApi
class HistoryIT {
  private static final Pattern VIEWS =
      Pattern.compile("Listening on (127\\.0\\.0\\.1:\\d+) for \\[[^]]*/history");

  @TempDir private Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Member> members = new ArrayList<>();
  private final ControlPlane plane;
  private final Installation installation;
  private final World world;

  HistoryIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane).overlay("fast-failover");
    this.world = new World(plane);
  }

  @AfterEach
  void stop() {
    members.forEach(Member::close);
    members.forEach(m -> installation.remove(m.replica()));
    world.remove();
    installation.removeLease();
  }

  private Member member(int number) {
    Map<String, String> settings = new HashMap<>(installation.election());
    settings.put("NODEQOS_HISTORY_DIRECTORY", historyOf(number).toString());
    // Tracing is on, and no collector takes the spans.
    settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    String suffix = UUID.randomUUID().toString().substring(0, 4);
    Member member =
        Member.start(plane, installation.replica("history-" + number + "-" + suffix), settings);
    members.add(member);
    return member;
  }

  private Path historyOf(int number) {
    return directory.resolve("replica-" + number);
  }

  private static URI views(Member member) {
    Matcher address = Poll.until("views", () -> VIEWS.matcher(member.run().log()), Matcher::find);
    return URI.create("http://" + address.group(1));
  }

  private List<JsonObject> history(Member member) {
    try {
      HttpResponse<String> reply =
          http.send(
              HttpRequest.newBuilder(views(member).resolve("/history?node=" + world.node()))
                  .build(),
              BodyHandlers.ofString());
      assertEquals(200, reply.statusCode(), reply.body());
      List<JsonObject> transitions = new ArrayList<>();
      for (JsonElement transition :
          JsonParser.parseString(reply.body()).getAsJsonObject().getAsJsonArray("transitions")) {
        transitions.add(transition.getAsJsonObject());
      }
      return transitions;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<JsonObject> historyUntilWarm(Member member) {
    return Poll.until(
        "history with the end of the warm-up",
        () -> history(member),
        transitions -> types(transitions).contains("WARMUP_DONE"));
  }

  private static List<String> types(List<JsonObject> transitions) {
    return transitions.stream().map(t -> t.get("type").getAsString()).toList();
  }

  /** All but when each replica saw it. */
  private static List<String> withoutTimes(List<JsonObject> transitions) {
    return transitions.stream()
        .map(
            t -> {
              JsonObject copy = t.deepCopy();
              copy.remove("at");
              return copy.toString();
            })
        .toList();
  }

  /** The lines of a stream, as they come. */
  private List<String> stream(Member member) {
    List<String> lines = new CopyOnWriteArrayList<>();
    Thread reader =
        new Thread(
            () -> {
              try (Stream<String> body =
                  http.send(
                          HttpRequest.newBuilder(
                                  views(member).resolve("/events?node=" + world.node()))
                              .build(),
                          BodyHandlers.ofLines())
                      .body()) {
                body.forEach(lines::add);
              } catch (IOException | InterruptedException | UncheckedIOException ended) {
                lines.add("ended");
              }
            },
            "stream");
    reader.setDaemon(true);
    reader.start();
    Poll.until("stream", () -> lines, l -> !l.isEmpty());
    return lines;
  }

  private static JsonObject reported(List<String> stream, String type) {
    List<String> lines =
        Poll.until(
            type + " in the stream",
            () -> List.copyOf(stream),
            all ->
                all.indexOf("event: " + type) >= 0
                    && all.size() > all.indexOf("event: " + type) + 1);
    String data = lines.get(lines.indexOf("event: " + type) + 1);
    return JsonParser.parseString(data.substring("data: ".length())).getAsJsonObject();
  }

  @Test
  void replicasReportTheSameHistoryAfterARestart() throws Exception {
    Member first = member(0);
    Poll.until("leader", first.run()::leads, Boolean::booleanValue);
    Member second = member(1);
    Poll.until("second replica", second.run()::isReady, Boolean::booleanValue);
    List<String> ofLeader = stream(first);
    List<String> ofStandby = stream(second);
    warmUpTheNode();

    List<JsonObject> history = historyUntilWarm(first);
    assertEquals(List.of("CONFIG_UPDATED", "WARMUP_STARTED", "WARMUP_DONE"), types(history));
    assertEquals(withoutTimes(history), withoutTimes(historyUntilWarm(second)));
    JsonObject done = history.get(2);
    assertEquals(first.replica().holder(), done.get("leader").getAsString());
    String trace = done.get("traceId").getAsString();
    assertEquals(32, trace.length());
    assertFalse(done.get("rebuilt").getAsBoolean());

    assertEquals(32, reported(ofLeader, "WARMUP_STARTED").get("traceId").getAsString().length());
    assertEquals(trace, reported(ofLeader, "WARMUP_DONE").get("traceId").getAsString());
    assertFalse(reported(ofLeader, "WARMUP_DONE").get("observed").getAsBoolean());
    assertEquals(trace, reported(ofStandby, "WARMUP_DONE").get("traceId").getAsString());
    assertTrue(reported(ofStandby, "WARMUP_DONE").get("observed").getAsBoolean());
    keep(first, ofLeader);

    // Committed once a second.
    FaultRig.sleep(Duration.ofMillis(2_500));
    second.run().kill();
    second.startAgain();
    Poll.until("replica after a kill", second.run()::isReady, Boolean::booleanValue);
    assertEquals(withoutTimes(history), withoutTimes(historyUntilWarm(second)), "as before");

    second.run().kill();
    removeAll(historyOf(1));
    second.startAgain();
    Poll.until("replica without a history", second.run()::isReady, Boolean::booleanValue);
    List<JsonObject> rebuilt = historyUntilWarm(second);
    assertEquals(List.of("WARMUP_DONE"), types(rebuilt), "the transitions that the Node shows");
    assertTrue(rebuilt.get(0).get("rebuilt").getAsBoolean());
    assertEquals(
        World.text(world.readNode(), "metadata", "annotations", "nodeqos.io/warmed-up-at"),
        rebuilt.get(0).get("at").getAsString());
    assertEquals(trace, rebuilt.get(0).get("traceId").getAsString());

    assertEquals(0, first.run().terminate(), "open streams do not hold up the stop");
  }

  private void warmUpTheNode() {
    world.createPolicy("100m");
    // A node counts as new if it was made after the policy, by times of whole seconds.
    FaultRig.sleep(Duration.ofMillis(1_100));
    world.createNode();
    world.nodeWaitingFor(world.agent().replace("/agent", ""));
    world.createAgent();
    world.makeAgentReady();
    world.nodeUntil("True");
  }

  private static void removeAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The table and the stream as an operator sees them at a terminal. */
  private void keep(Member member, List<String> stream) throws Exception {
    Process table =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.nodeqos.Main",
                "history",
                world.node(),
                "--url",
                views(member).toString())
            .start();
    String out = new String(table.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, table.waitFor());
    assertEquals(4, out.lines().count(), out);
    assertTrue(out.contains("WARMUP_DONE"), out);
    Path folder = Files.createDirectories(Path.of("target", "e2e"));
    Files.writeString(folder.resolve("history.txt"), out + "\n" + String.join("\n", stream) + "\n");
  }
}
