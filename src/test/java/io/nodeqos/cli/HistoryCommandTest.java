// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.nodeqos.text.HistoryText;
import io.nodeqos.text.TextFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryCommandTest {
  private static final String TWO =
      """
      {"transitions": [
       {"at": "2026-03-01T10:00:01.5Z", "node": "n1", "uid": "u", "type": "CONFIG_UPDATED",
        "reason": "", "message": "Configuration 8e511fae45 was written to the node, from policy base.",
        "configVersion": "8e511fae45", "policies": ["base"], "epoch": 0, "leader": "",
        "traceId": "", "rebuilt": true},
       {"at": "2026-03-01T10:00:07.25Z", "node": "n1", "uid": "u", "type": "WARMUP_DONE",
        "reason": "WarmedUp", "message": "The node became warm after 6s.", "configVersion": "8e511fae45",
        "policies": ["base"], "epoch": 3, "leader": "qos-0_u-1",
        "traceId": "0af7651916cd43dd8448eb211c80319c", "rebuilt": false}]}
      """;

  private final List<String> asked = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  private int status = 200;
  private String body = TWO;

  /** The answers before that. */
  private final List<String> bodies = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/history",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          String next = bodies.isEmpty() ? body : bodies.remove(0);
          byte[] bytes = next.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int run(String... more) {
    List<String> arguments = new ArrayList<>(List.of("history", "n1"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort()));
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  @Test
  void tableIsAlignedAndMarksTransitionsRebuiltFromTheNode() {
    assertEquals(0, run("--since", "2h"));
    assertEquals(List.of("/history?limit=1000&node=n1&since=2h"), asked);
    assertEquals(
        List.of(
            "TIME                   TRANSITION       MESSAGE",
            "2026-03-01T10:00:01Z   CONFIG_UPDATED   (read off the Node) Configuration 8e511fae45"
                + " was written to the node, from policy base.",
            "2026-03-01T10:00:07Z   WARMUP_DONE      The node became warm after 6s."),
        out.toString().lines().toList());
  }

  @Test
  void wideTableHasAllColumnsAndTheMessageLast() {
    assertEquals(0, run("-o", "wide"));
    assertEquals(
        "2026-03-01T10:00:07Z   WARMUP_DONE      8e511fae45   3       qos-0  "
            + "  0af7651916cd43dd8448eb211c80319c   The node became warm after 6s.",
        out.toString().lines().toList().get(2));
  }

  @Test
  void jsonOutputIsTheAnswerOfTheReplicaAsOneObject() {
    assertEquals(0, run("--json"));
    JsonObject printed = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals("cli.nodeqos.io/v1", printed.get("apiVersion").getAsString());
    assertEquals("History", printed.get("kind").getAsString());
    assertEquals(
        JsonParser.parseString(TWO).getAsJsonObject().get("transitions"),
        printed.get("transitions"));
  }

  @Test
  void emptyHistoryPrintsASentenceAndExitsWithOne() {
    body = "{\"transitions\": []}";
    assertEquals(1, run("--since", "2h"));
    assertEquals("nodeqos: no replica has seen a node n1", err.toString().strip());
    assertEquals("", out.toString());
  }

  @Test
  void nodeWithoutTransitionsSinceThenIsKnown() {
    bodies.add("{\"transitions\": []}");
    assertEquals(0, run("--since", "2h"));
    assertEquals("nodeqos: node n1 has no transition since 2h", err.toString().strip());
  }

  @Test
  void timeIsCheckedBeforeAReplicaIsAsked() {
    assertEquals(2, run("--since", "yesterday"));
    assertTrue(
        err.toString().startsWith("nodeqos: --since is \"yesterday\", must be a time"),
        err.toString());
    assertEquals(List.of(), asked);
  }

  @Test
  void requestThatTheReplicaRefusesIsABadArgument() {
    status = 400;
    body = "{\"error\": \"node is wrong.\"}";
    assertEquals(2, run());
    assertEquals("nodeqos: node is wrong", err.toString().strip());
  }

  @Test
  void unreachableReplicaPrintsASentenceAndExitsWithOne() {
    server.stop(0);
    assertEquals(1, run("--kubeconfig", "/nonexistent/config", "-o", "json"));
    assertTrue(out.toString().contains("no replica answers: http://127.0.0.1:"), out.toString());
  }

  @Test
  void coloursAreUsedOnlyOnRequest() {
    List<String> lines =
        HistoryText.lines(
            JsonParser.parseString(TWO).getAsJsonObject().getAsJsonArray("transitions"),
            new TextFormat(0, true, false));
    assertTrue(lines.get(2).contains("\u001b[32mWARMUP_DONE"), lines.get(2));
  }
}
