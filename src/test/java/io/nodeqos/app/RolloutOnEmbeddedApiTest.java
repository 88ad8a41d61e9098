// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change of a policy reaches its nodes step by step, and goes back by itself. */
class RolloutOnEmbeddedApiTest {
  private static final String BASE = "/apis/nodeqos.io/v1alpha1/nodeqospolicies/base";
  private static final int NODES = 12;
  private static final String ROLLOUT =
      "'rollout': {'steps': [{'nodes': 1}, {'nodes': '50%'}], 'maxConcurrent': 3,"
          + " 'health': {'for': '1s'}}";

  @TempDir Path directory;

  @Test
  void healthyChangeReachesAllNodesInSteps() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      nodesAreWarm(rig);
      patch(rig, BASE, "{'spec': {'reservation': {'cpu': '2'}, " + ROLLOUT + "}}");
      assertEquals(NODES, mostWhile(rig, () -> !phase(rig).equals("Complete")));
      assertEquals(NODES, cpus(rig).get("2"));
      JsonObject rollout = rollout(rig);
      assertEquals(rollout.get("stable"), rollout.get("target"));
      int writes = nodeWrites(rig);
      Thread.sleep(3_000);
      assertEquals(writes, nodeWrites(rig), "nothing is written after the end");

      patch(rig, BASE, "{'spec': {'reservation': {'cpu': '1'}}}");
      awaitPhase(rig, "Soaking");
      awaitPhase(rig, "Complete");
      assertEquals(NODES, cpus(rig).get("1"));
    }
  }

  @Test
  void changeThatAgentsCannotApplyIsTakenBack() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      nodesAreWarm(rig);
      patch(rig, BASE, "{'spec': {'reservation': {'cpu': '2'}, " + ROLLOUT + "}}");
      BooleanSupplier agentsFail =
          () -> {
            failOn(rig, "2");
            return !phase(rig).equals("RolledBack");
          };
      int most = mostWhile(rig, agentsFail);
      assertTrue(most <= 1, "only the first step had the change: " + most);
      assertEquals(NODES, cpus(rig).get("1"));
      assertTrue(
          rollout(rig).get("message").getAsString().contains("the agent says: no such cgroup"),
          rollout(rig)::toString);

      // Another edit is another target.
      patch(rig, BASE, "{'spec': {'reservation': {'cpu': '3'}}}");
      awaitPhase(rig, "Complete");
      assertEquals(NODES, cpus(rig).get("3"));
    }
  }

  @Test
  void newPolicyReachesItsNodesInSteps() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      rig.startController();
      nodes(rig);
      rig.policy("{'reservation': {'cpu': '2'}, " + ROLLOUT + "}");
      assertEquals(NODES, mostWhile(rig, () -> !phase(rig).equals("Complete")));
    }
  }

  /** The most nodes with the change in any look, which must not exceed the step. */
  private static int mostWhile(ControllerRig rig, BooleanSupplier goesOn) throws Exception {
    int[] most = {0};
    rig.await(
        "an end",
        () -> {
          JsonObject before = rollout(rig);
          int changed = cpus(rig).getOrDefault("2", 0);
          JsonObject after = rollout(rig);
          if (before.equals(after) && before.has("wanted")) {
            assertTrue(changed <= before.get("wanted").getAsInt(), changed + " in " + before);
          }
          most[0] = Math.max(most[0], changed);
          return !goesOn.getAsBoolean();
        });
    return most[0];
  }

  private static void nodesAreWarm(ControllerRig rig) throws Exception {
    rig.policy("{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}");
    rig.startController();
    nodes(rig);
    rig.await("warm nodes", () -> cpus(rig).getOrDefault("1", 0) == NODES);
    rig.await("a stable revision", () -> rollout(rig).has("stable"));
  }

  private static void nodes(ControllerRig rig) throws IOException {
    for (int i = 0; i < NODES; i++) {
      rig.node("n" + i, "-");
      rig.nodeBecomesReady("n" + i);
    }
  }

  /** Agents report that they cannot apply a configuration with this reservation. */
  private static void failOn(ControllerRig rig, String cpu) {
    for (JsonElement each : list(rig)) {
      JsonObject metadata = each.getAsJsonObject().getAsJsonObject("metadata");
      if (cpu(metadata).equals(cpu)) {
        String version =
            metadata.getAsJsonObject("labels").get("nodeqos.io/config-version").getAsString();
        try {
          patch(
              rig,
              "/api/v1/nodes/" + metadata.get("name").getAsString(),
              "{'metadata': {'annotations': {'nodeqos.io/apply-error': '"
                  + version
                  + " no such cgroup'}}}");
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** Reserved CPU to the number of nodes that have it. */
  private static Map<String, Integer> cpus(ControllerRig rig) {
    Map<String, Integer> counts = new TreeMap<>();
    for (JsonElement each : list(rig)) {
      counts.merge(cpu(each.getAsJsonObject().getAsJsonObject("metadata")), 1, Integer::sum);
    }
    return counts;
  }

  private static String cpu(JsonObject metadata) {
    JsonElement config = metadata.getAsJsonObject("annotations").get("nodeqos.io/config");
    return config == null
        ? "none"
        : ConfigAnnotation.reservation(config.getAsString())
            .map(r -> Long.toString(r.cpuMilli() / 1000))
            .orElse("none");
  }

  private static Iterable<JsonElement> list(ControllerRig rig) {
    try {
      return rig.list("/api/v1/nodes");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int nodeWrites(ControllerRig rig) {
    return (int)
        rig.server.requests().all().stream()
            .filter(r -> r.verb().equals("patch") && r.resource().equals("nodes"))
            .count();
  }

  private static void awaitPhase(ControllerRig rig, String phase) throws Exception {
    rig.await("phase " + phase, () -> phase(rig).equals(phase));
  }

  private static String phase(ControllerRig rig) {
    return rollout(rig).has("phase") ? rollout(rig).get("phase").getAsString() : "";
  }

  private static JsonObject rollout(ControllerRig rig) {
    try {
      JsonObject policy = rig.admin.get(BASE).body();
      return policy.get("status") instanceof JsonObject status
              && status.get("rollout") instanceof JsonObject rollout
          ? rollout
          : new JsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void patch(ControllerRig rig, String path, String patch) throws IOException {
    var reply =
        rig.admin.patch(
            path,
            PatchType.MERGE,
            JsonParser.parseString(patch.replace('\'', '"')).getAsJsonObject());
    assertTrue(reply.ok(), reply.message());
  }
}
