// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.qos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.QosWorld;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.fixture.PluginJar;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plug-ins in jars of their own, in a real process. */
@RealApi
class PluginIT {
  /** Does what files in the folder of the variable {@code MOOD} say. */
  private static final String SLICES =
      """
      package com.example;

      import io.nodeqos.node.value.Quantity;
      import io.nodeqos.policy.PolicySnapshot;
      import io.nodeqos.qos.*;
      import java.nio.file.*;
      import java.util.*;

      public final class Slices implements QosWorker {
        private final Path mood = Path.of(System.getenv("MOOD"));

        private void called(String method) {
          try {
            Files.writeString(mood.resolve("calls"), method + "\\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        }

        @Override public String name() { return "slices"; }
        @Override public int order() { return 50; }
        @Override public void start() { called("start"); }
        @Override public void updateConfig(PolicySnapshot policies) { called("updateConfig"); }
        @Override public void stop() { called("stop"); }

        @Override public Contribution plan(WorkerInput input) {
          if (Files.exists(mood.resolve("throw"))) {
            throw new IllegalStateException("no mood");
          }
          while (Files.exists(mood.resolve("hang"))) {
            try { Thread.sleep(20); } catch (InterruptedException e) { /* As code that nothing ends. */ }
          }
          return new Contribution(
              Map.of("slices", Map.of("count", 7)),
              Map.of("nodeqos.io/slices-cpu", Quantity.of(7)),
              Optional.empty());
        }
      }
      """;

  private static final String GREEDY =
      """
      package com.example;

      import io.nodeqos.qos.*;
      import java.util.*;

      public final class Greedy implements QosWorker {
        @Override public String name() { return "greedy"; }
        @Override public int order() { return 1; }

        @Override public Contribution plan(WorkerInput input) {
          return new Contribution(Map.of("quota", Map.of()), Map.of(), Optional.empty());
        }
      }
      """;

  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final QosWorld world;

  @TempDir Path directory;

  PluginIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("plugin-" + UUID.randomUUID());
    installation.removeLease();
    this.world = new QosWorld(plane);
  }

  @AfterEach
  void removeAll() {
    installation.remove(replica);
    world.remove();
  }

  @Test
  void failingPluginChangesOnlyItsOwnStatus() throws IOException {
    Path mood = Files.createDirectories(directory.resolve("mood"));
    Path jars = Files.createDirectories(directory.resolve("jars"));
    PluginJar.write(jars.resolve("slices.jar"), "Slices", SLICES);
    PluginJar.write(jars.resolve("greedy.jar"), "Greedy", GREEDY);
    Files.writeString(jars.resolve("broken.jar"), "no jar");
    policy(1);
    world.createNode();
    try (ControllerRun controller =
        ControllerRun.start(
            plane,
            replica,
            plane.server(),
            Map.of(
                "MOOD",
                mood.toString(),
                "NODEQOS_PLUGINS_DIRECTORY",
                jars.toString(),
                "NODEQOS_PLUGINS_DEADLINE",
                "500ms"))) {
      configured(1);
      health(controller, "slices", 1);
      health(controller, "greedy", 0);
      health(controller, "broken.jar", 0);
      health(controller, "zum", 1);
      assertTrue(
          controller.log().contains("it must not write the section quota, which is built in"),
          controller::log);

      Files.createFile(mood.resolve("throw"));
      policy(2);
      configured(2);
      health(controller, "slices", 0);
      health(controller, "zum", 1);
      Files.delete(mood.resolve("throw"));
      health(controller, "slices", 1);

      Files.createFile(mood.resolve("hang"));
      policy(3);
      configured(3);
      policy(4);
      configured(4);
      health(controller, "slices", 0);
      Files.delete(mood.resolve("hang"));
      health(controller, "slices", 1);

      assertEquals(0, controller.terminate(), controller::log);
      List<String> calls = Files.readAllLines(mood.resolve("calls"));
      assertEquals("start", calls.get(0));
      assertTrue(calls.contains("updateConfig"), calls::toString);
      assertEquals("stop", calls.get(calls.size() - 1));
    }
  }

  private void policy(int weight) {
    String spec =
        "{'quota': {'classes': [{'name': 'gold', 'cpu': {'weight': %d}, 'advertise': {'cpu': '%d'}}]}}"
            .formatted(weight, weight);
    if (weight == 1) {
      world.createPolicy(spec);
    } else {
      world.changePolicy(spec);
    }
  }

  /** Built-in sections follow the policy, and the contribution of the plug-in is there. */
  private void configured(int weight) {
    world.nodeUntil(
        "node with weight " + weight,
        node -> {
          JsonObject config = QosWorld.config(node);
          return config.toString().contains("\"weight\":" + weight)
              && config.has("slices")
              && config.getAsJsonObject("slices").get("count").getAsInt() == 7
              && QosWorld.resource(node, "nodeqos.io/gold-cpu").equals(weight + "k")
              && QosWorld.resource(node, "nodeqos.io/slices-cpu").equals("7");
        });
  }

  private static void health(ControllerRun controller, String worker, int healthy) {
    Poll.until(
        "qos_worker_status of " + worker + " that is " + healthy,
        () -> controller.probe("/metrics").body(),
        metrics ->
            metrics
                .lines()
                .anyMatch(
                    line ->
                        line.startsWith("qos_worker_status{worker=\"" + worker + "\"")
                            && line.matches(".* " + healthy + "(\\.0)?")));
  }
}
