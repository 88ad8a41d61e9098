// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static io.nodeqos.fixture.PolicyFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second writer reverts the writes of the controller as fast as it sees them. */
class WriteFightTest {
  private static final String NODES = "/api/v1/nodes/";
  private static final Duration FIGHT = Duration.ofSeconds(6);

  /** Two patches at once, two after 5 s, and two for reverts between the patches. */
  private static final int MAX_WRITES = 6;

  /** As many plans again for each way in which a node can be met with only a part undone. */
  private static final int MAX_WRITES_OF_ALL = 10;

  /** The changes of the writer, each on its own node. */
  private static final Map<String, List<String>> UNDONE =
      new TreeMap<>(
          Map.of(
              "mark", List.of("{'metadata': {'labels': {'nodeqos.io/warmed-up': null}}}"),
              "mark-for",
                  List.of("{'metadata': {'annotations': {'nodeqos.io/warmed-up-for': null}}}"),
              "version", List.of("{'metadata': {'labels': {'nodeqos.io/config-version': 'x'}}}"),
              "config", List.of("{'metadata': {'annotations': {'nodeqos.io/config': '5'}}}"),
              "taint",
                  List.of(
                      "{'spec': {'taints': [{'key': 'nodeqos.io/warming-up',"
                          + " 'effect': 'NoSchedule'}]}}"),
              "condition",
                  List.of(
                      "{'status': {'conditions': [{'type': 'nodeqos.io/WarmedUp',"
                          + " 'status': 'False', 'reason': 'Other', 'message': 'No.'}]}}"),
              "resource", List.of("{'status': {'capacity': {'nodeqos.io/gold-cpu': '0'}}}"),
              "all",
                  List.of(
                      "{'metadata': {'labels': {'nodeqos.io/warmed-up': null,"
                          + " 'nodeqos.io/config-version': null},"
                          + " 'annotations': {'nodeqos.io/config': null}}}",
                      "{'status': {'conditions': [{'type': 'nodeqos.io/WarmedUp',"
                          + " 'status': 'Unknown', 'reason': 'Other', 'message': 'No.'}]}}")));

  @TempDir Path directory;

  @Test
  void repairsOfOneKeyAndOfAllKeysBackOff() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      rig.policy(
          "{'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '4'}}]},"
              + " 'warmUp': {'nodeReady': {}}}");
      for (String node : UNDONE.keySet()) {
        rig.node(node, "");
        rig.nodeBecomesReady(node);
      }
      rig.startController();
      for (String node : UNDONE.keySet()) {
        rig.await(node + " is warm", () -> isWarm(rig, node));
      }
      TimeUnit.SECONDS.sleep(1);
      Instant start = Instant.now();
      Map<String, Integer> undone = fight(rig);
      for (String node : UNDONE.keySet()) {
        List<?> writes =
            rig.server.requests().since(start).stream()
                .filter(r -> r.verb().equals("patch") && r.resource().equals("nodes"))
                .filter(r -> r.name().equals(node) && !r.userAgent().equals("test"))
                .toList();
        assertTrue(undone.get(node) >= 2, node + " was undone only " + undone.get(node));
        assertTrue(
            writes.size() <= (node.equals("all") ? MAX_WRITES_OF_ALL : MAX_WRITES),
            node + " was written " + writes.size() + " times");
      }
      assertEquals(List.of(), rig.lines(Level.ERROR));
    }
  }

  private static boolean isWarm(ControllerRig rig, String node) {
    try {
      JsonObject found = rig.node(node);
      return found.toString().contains("\"nodeqos.io/warmed-up\":\"true\"")
          && found.toString().contains("All gates are open.");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Undoes until the time is up; returns how often on each node. */
  private static Map<String, Integer> fight(ControllerRig rig) throws Exception {
    Map<String, Integer> undone = new TreeMap<>();
    Map<String, String> seen = new TreeMap<>();
    long end = System.nanoTime() + FIGHT.toNanos();
    while (System.nanoTime() < end) {
      for (String node : UNDONE.keySet()) {
        String version =
            rig.node(node).getAsJsonObject("metadata").get("resourceVersion").getAsString();
        if (!version.equals(seen.get(node))) {
          for (String patch : UNDONE.get(node)) {
            seen.put(node, undo(rig, node, patch));
          }
          undone.merge(node, 1, Integer::sum);
        }
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return undone;
  }

  /** Returns the version that the node then has. */
  private static String undo(ControllerRig rig, String node, String patch) throws IOException {
    JsonObject body = json(patch);
    FleetClient.Reply reply =
        body.has("status")
            ? rig.admin.patch(NODES + node + "/status", PatchType.STRATEGIC, body)
            : rig.admin.patch(NODES + node, PatchType.MERGE, body);
    assertTrue(reply.ok(), reply.message());
    return reply.body().getAsJsonObject("metadata").get("resourceVersion").getAsString();
  }
}
