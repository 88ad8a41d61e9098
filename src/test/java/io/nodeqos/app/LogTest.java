// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of the whole controller. */
class LogTest {
  private static final String POLICY =
      "{'quota': {'classes': [{'name': 'classname', 'advertise': {'cpu': '4'}}]},"
          + " 'warmUp': {'nodeReady': {}}}";
  private static final int NODES = 10;

  @TempDir Path directory;

  @Test
  void fleetLogsOneLineForEachChangeAndThenNothing() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      rig.policy(POLICY);
      rig.startController();
      for (int i = 0; i < NODES; i++) {
        rig.node("n" + i, "-");
      }
      rig.await("all wait", () -> aboutNodes(rig).size() == 2 * NODES);
      for (int i = 0; i < NODES; i++) {
        rig.nodeBecomesReady("n" + i);
      }
      rig.await("all are warm", () -> rig.metric("qos_nodes{phase=\"warm\",}") == NODES);
      rig.await("the last line is written", () -> aboutNodes(rig).size() >= 3 * NODES);
      Map<String, List<String>> byNode = new TreeMap<>(aboutNodes(rig));
      assertEquals(3 * NODES, byNode.size(), byNode.toString());
      aboutNodesInOrder(rig)
          .forEach(
              (node, lines) -> {
                assertEquals(3, lines.size(), lines.toString());
                assertTrue(
                    lines
                        .get(0)
                        .matches("Node configured: version=[0-9a-f]{10} policies=\\[base\\]"),
                    lines.get(0));
                assertEquals(
                    "Node waiting, reason=NodeNotReady: The warm-up has 1 blocker: the node is not"
                        + " Ready.",
                    lines.get(1));
                assertTrue(
                    lines.get(2).matches("Node became warm after \\d+s: All gates are open\\."),
                    lines.get(2));
              });
      staysSilent(rig);
    }
  }

  private static void staysSilent(ControllerRig rig) throws InterruptedException {
    String unchanged = "qos_sync_total{node=\"n0\",namespace=\"\",result=\"unchanged\",}";
    int lines = rig.lines(Level.INFO).size();
    double before = rig.metric(unchanged);
    rig.await("two resyncs", () -> rig.metric(unchanged) >= before + 2);
    assertEquals(
        List.of(), rig.lines(Level.INFO).subList(lines, rig.lines(Level.INFO).size()), "nothing");
  }

  /** Each line about a node, by its place in the log. */
  private static Map<String, List<String>> aboutNodes(ControllerRig rig) {
    Map<String, List<String>> lines = new TreeMap<>();
    for (ILoggingEvent line : rig.lines(Level.INFO)) {
      Map<String, String> fields = line.getMDCPropertyMap();
      if (fields.containsKey("node")) {
        assertEquals("1", fields.get("epoch"), "of the leader: " + line);
        lines.put(
            "%05d".formatted(lines.size()),
            List.of(fields.get("node"), line.getFormattedMessage()));
      }
    }
    return lines;
  }

  private static Map<String, List<String>> aboutNodesInOrder(ControllerRig rig) {
    return aboutNodes(rig).values().stream()
        .collect(
            Collectors.groupingBy(
                line -> line.get(0),
                TreeMap::new,
                Collectors.mapping(line -> line.get(1), Collectors.toList())));
  }

  @Test
  void failuresLogNoCredentialsAndNoAnnotations() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.TRACE)) {
      for (Fault fault :
          List.of(
              new Fault.Refuse(401, Duration.ZERO),
              new Fault.Refuse(500, Duration.ZERO),
              new Fault.Drop(),
              new Fault.Garbage())) {
        rig.server.faults().inject(is("list"), fault, 2);
      }
      rig.policy(POLICY);
      rig.startController();
      rig.await(
          "the controller is ready",
          () -> rig.lines().stream().anyMatch(l -> l.getMessage().startsWith("Ready")));
      for (Fault fault :
          List.of(
              new Fault.Refuse(401, Duration.ZERO),
              new Fault.Refuse(403, Duration.ZERO),
              new Fault.Refuse(409, Duration.ZERO),
              new Fault.Refuse(422, Duration.ZERO),
              new Fault.Refuse(429, Duration.ofSeconds(1)),
              new Fault.Refuse(500, Duration.ZERO),
              new Fault.Drop(),
              new Fault.LoseReply(),
              new Fault.Garbage())) {
        rig.server.faults().inject(is("patch"), fault, 1);
      }
      rig.node("n", "annotation-that-must-not-be-logged");
      rig.nodeBecomesReady("n");
      rig.await("the node is warm", () -> rig.metric("qos_nodes{phase=\"warm\",}") == 1);
      String config =
          rig.node("n")
              .getAsJsonObject("metadata")
              .getAsJsonObject("annotations")
              .get("nodeqos.io/config")
              .getAsString();
      rig.stopController();
      String log =
          rig.lines().stream().map(LogTest::everythingOf).collect(Collectors.joining("\n"));
      assertTrue(log.contains("TRACE") || log.contains("DEBUG"), "all levels are looked at");
      assertTrue(config.contains("classname"), config);
      for (String secret :
          List.of(ControllerRig.TOKEN, "Bearer", "that-must-not-be-logged", config, "classname")) {
        assertFalse(log.contains(secret), () -> secret + " is in the log:\n" + log);
      }
    }
  }

  private static Predicate<RequestInfo> is(String verb) {
    return request ->
        request.verb().equals(verb) && request.userAgent().startsWith("node-qos-controller/");
  }

  private static String everythingOf(ILoggingEvent line) {
    String trace =
        line.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(line.getThrowableProxy());
    return line.getLevel()
        + " "
        + line.getFormattedMessage()
        + " "
        + line.getMDCPropertyMap()
        + trace;
  }
}
