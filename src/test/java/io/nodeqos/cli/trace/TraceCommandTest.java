// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.nodeqos.cli.NodeQosCommand;
import io.nodeqos.cli.demo.JaegerTraces;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile String answer = "{\"data\": [" + JaegerTraces.warmUp() + "]}";
  private volatile int code = 200;
  private HttpServer jaeger;

  @TempDir Path directory;

  @BeforeEach
  void start() throws IOException {
    jaeger = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    jaeger.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          byte[] body = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(code, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    jaeger.start();
  }

  @AfterEach
  void stop() {
    jaeger.stop(0);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("trace"));
    all.addAll(List.of("--jaeger", "http://127.0.0.1:" + jaeger.getAddress().getPort()));
    all.addAll(List.of(arguments));
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void warmUpOfANodeIsFoundByTheNameOfTheNode() {
    assertEquals(0, run("general-7"), err::toString);

    String query = URLDecoder.decode(asked.get(0), UTF_8);
    assertTrue(query.startsWith("/api/traces?service=node-qos-controller&"), query);
    assertTrue(query.contains("&operation=warm up node&"), query);
    assertTrue(query.contains("&tags={\"k8s.node.name\":\"general-7\"}&"), query);
    assertTrue(out.toString().startsWith("warm up node general-7: 20.0 s"), out::toString);
  }

  @Test
  void lastOfSeveralBootsIsShown() {
    JsonObject later = JaegerTraces.reconcile();
    answer = "{\"data\": [" + later + "," + JaegerTraces.warmUp() + "]}";

    assertEquals(0, run("general-7"), err::toString);

    assertTrue(out.toString().startsWith("reconcile node general-7"), out::toString);
  }

  @Test
  void traceIsShownByItsIdOrItsAnnotation() {
    assertEquals(0, run("--id", JaegerTraces.ID));
    assertEquals(0, run("--id", "00-" + JaegerTraces.ID + "-00f067aa0ba902b7-01"));

    assertEquals(
        List.of("/api/traces/" + JaegerTraces.ID, "/api/traces/" + JaegerTraces.ID), asked);
  }

  @Test
  void traceIsPrintedAsJsonOrWrittenAsAPicture() throws IOException {
    Path svg = directory.resolve("trace.svg");

    assertEquals(0, run("general-7", "--json", "--svg", svg.toString()), err::toString);

    JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals(20_000, json.get("durationMs").getAsDouble());
    JsonObject gate = json.getAsJsonArray("spans").get(1).getAsJsonObject();
    assertEquals("gate csiDriver", gate.get("name").getAsString());
    assertEquals(5_000, gate.get("tookMs").getAsDouble());
    assertEquals(
        "csi.example.com",
        gate.getAsJsonObject("attributes").get("nodeqos.gate.blocker").getAsString());
    assertTrue(Files.readString(svg).startsWith("<svg "));
  }

  @Test
  void unfinishedWarmUpIsNotFound() {
    answer = "{\"data\": []}";

    assertEquals(1, run("general-7"));

    assertTrue(err.toString().contains("no completed warm-up of general-7"), err::toString);
  }

  @Test
  void unknownTraceIsNotFound() {
    code = 404;
    answer = "{\"data\": null}";

    assertEquals(1, run("--id", JaegerTraces.ID));

    assertTrue(err.toString().contains("has no trace " + JaegerTraces.ID), err::toString);
  }

  @Test
  void serverThatIsNotJaegerIsNamedInTheError() {
    answer = "<html>";
    assertEquals(1, run("general-7"));
    assertTrue(err.toString().contains("not that of Jaeger's query API"), err::toString);
    code = 503;
    assertEquals(1, run("general-7"));
    assertTrue(err.toString().contains("HTTP 503"), err::toString);
    jaeger.stop(0);
    assertEquals(1, run("general-7"));
    assertTrue(err.toString().contains("no Jaeger answers at http://127"), err::toString);
  }

  @Test
  void impossibleArgumentsAreBadArguments() {
    assertEquals(2, run());
    assertEquals(2, run("general-7", "--id", JaegerTraces.ID));
    assertEquals(2, run("--id", "abc"));
    assertTrue(err.toString().contains("--id abc is neither"), err::toString);
    assertEquals(List.of(), asked);
  }
}
