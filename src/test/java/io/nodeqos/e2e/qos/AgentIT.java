// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.qos;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.QosWorld;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference node agent against a real server: the gate waits for it. */
@RealApi
class AgentIT {
  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final QosWorld world;

  @TempDir Path cgroups;

  AgentIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("agent-" + UUID.randomUUID());
    installation.removeLease();
    this.world = new QosWorld(plane);
  }

  @AfterEach
  void removeAll() {
    installation.remove(replica);
    world.remove();
  }

  @Test
  void nodeIsWarmOnceTheAgentHasAppliedItsConfiguration() throws IOException {
    world.createPolicy(
        """
        {'quota': {'classes': [
           {'name': 'gold', 'cpu': {'weight': 400, 'max': '25%'}, 'memory': {'min': '1Gi', 'max': '50%'}},
           {'name': 'tin', 'io': {'weight': 10}}]},
         'warmUp': {'configApplied': {}}}""");
    world.createNode();
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      JsonObject held =
          world.nodeUntil(
              "node that waits for its agent",
              n -> World.condition(n, "reason").equals("ConfigNotApplied"));
      assertFalse(QosWorld.isWarm(held));

      agent();

      JsonObject warm = world.nodeUntil("warm node", QosWorld::isWarm);
      assertAll(
          () ->
              assertEquals(
                  World.label(warm, "nodeqos.io/config-version"),
                  QosWorld.annotation(warm, "nodeqos.io/applied-version")),
          () -> assertEquals("400", file("gold", "cpu.weight")),
          () -> assertEquals("200000 100000", file("gold", "cpu.max")),
          () -> assertEquals(Long.toString(1L << 30), file("gold", "memory.min")),
          () -> assertEquals(Long.toString(16L << 30), file("gold", "memory.max")),
          () -> assertEquals("max", file("gold", "memory.high")),
          () -> assertEquals("default 10", file("tin", "io.weight")));

      world.changePolicy(
          """
          {'quota': {'classes': [{'name': 'gold', 'cpu': {'weight': 50}}]},
           'warmUp': {'configApplied': {}}}""");
      JsonObject changed =
          world.nodeUntil(
              "node with the changed configuration",
              n -> QosWorld.annotation(n, "nodeqos.io/config").contains("\"weight\":50"));
      agent();
      assertAll(
          () -> assertEquals("50", file("gold", "cpu.weight")),
          () -> assertEquals("max 100000", file("gold", "cpu.max"), "the default again"),
          () -> assertFalse(Files.exists(cgroups.resolve("nodeqos-tin"))),
          () ->
              assertEquals(
                  World.label(changed, "nodeqos.io/config-version"),
                  QosWorld.annotation(world.node(), "nodeqos.io/applied-version")));
      assertTrue(agent().out().isEmpty(), "nothing to do");

      Path inTheWay = Files.createFile(cgroups.resolve("nodeqos-tin"));
      world.changePolicy(
          """
          {'quota': {'classes': [{'name': 'tin', 'cpu': {'weight': 70}}]},
           'warmUp': {'configApplied': {}}}""");
      JsonObject refused =
          world.nodeUntil(
              "node with a configuration that cannot be applied",
              n -> QosWorld.annotation(n, "nodeqos.io/config").contains("\"weight\":70"));
      assertEquals(1, round().code());
      assertEquals(
          World.label(refused, "nodeqos.io/config-version") + " File exists: " + inTheWay,
          QosWorld.annotation(world.node(), "nodeqos.io/apply-error"));
      Files.delete(inTheWay);
      agent();
      assertEquals("70", file("tin", "cpu.weight"));
      assertFalse(world.node().toString().contains("nodeqos.io/apply-error"));
      assertEquals(0, controller.terminate(), controller::log);
    }
  }

  private Command agent() {
    return round().succeeded();
  }

  private Command round() {
    return Command.run(
        List.of(
            Path.of("hack", "agent").toAbsolutePath().toString(),
            "--node",
            world.name(),
            "--cgroup-root",
            cgroups.toString(),
            "--kubeconfig",
            plane.kubeconfig().toString(),
            "--kubectl",
            plane.program("kubectl").toString(),
            "--once"),
        "");
  }

  private String file(String qosClass, String name) throws IOException {
    return Files.readString(cgroups.resolve("nodeqos-" + qosClass).resolve(name)).strip();
  }
}
