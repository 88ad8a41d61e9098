// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.events.QosEvent;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Policies of an odd number, and of an odd size. */
class OddPoliciesTest {
  private static final int POLICIES = 2_000;

  /** Enough for what takes as long for each of them. */
  private static final int FEWER = 400;

  private static final Duration QUIET = Duration.ofMinutes(11);

  /** Each policy selects one node, and two policies each node; the later one is in force on it. */
  private static OddCluster withPolicies(int policies) {
    int nodes = policies / 2;
    OddObjects objects =
        OddObjects.fleet(nodes).nodes((i, metadata) -> OddObjects.label(metadata, "slot", "s" + i));
    OddCluster cluster = OddCluster.of(objects);
    for (int i = 0; i < policies; i++) {
      cluster.policy("p" + i, spec(i, nodes, "100m"));
    }
    return cluster;
  }

  private static String spec(int policy, int nodes, String cpu) {
    return "{'priority': %d, 'nodeSelector': {'matchLabels': {'slot': 's%d'}}, 'reservation':"
            .formatted(policy, policy % nodes)
        + " {'cpu': '%s'}}".formatted(cpu);
  }

  private static JsonObject config(OddCluster cluster, String node) {
    return JsonParser.parseString(
            FleetJson.strings(cluster.node(node), "metadata", "annotations").get(Keys.CONFIG))
        .getAsJsonObject();
  }

  @Test
  void anEditCostsTheSameAmongTenPoliciesAndTwoThousand(TestReporter reporter) {
    OddCluster cluster = withPolicies(POLICIES);
    int keys = cluster.keysUntilQuiet();
    assertInForce(cluster, POLICIES);
    OddCluster small = withPolicies(10);
    int few = small.keysUntilQuiet();
    reporter.publishEntry("keys", keys + ", of 10 policies " + few);
    assertTrue(keys <= POLICIES / 10 * few, keys + " keys, not " + few + " for each ten");
    Map<String, Object> cost = costs(cluster, POLICIES);
    reporter.publishEntry("cost", cost.toString());
    assertEquals(costs(small, 10), cost);
  }

  private static void assertInForce(OddCluster cluster, int policies) {
    for (JsonObject node : cluster.all(CacheFeed.NODES)) {
      assertEquals(
          "p" + (policies / 2 + Integer.parseInt(slotOf(node).substring(1))),
          FleetJson.text(config(cluster, FleetJson.name(node)), "sources", "reservation"));
    }
    for (JsonObject policy : cluster.all(CacheFeed.POLICIES)) {
      assertEquals("1", FleetJson.text(policy, "status", "nodes", "matched"));
      assertEquals("1", FleetJson.text(policy, "status", "nodes", "configured"));
      assertEquals(
          "True",
          FleetJson.text(FleetJson.condition(policy, "Ready"), "status"),
          () -> FleetJson.name(policy));
    }
    assertEquals(policies / 2, cluster.nodesWritten().size(), "one write for each node");
    cluster.run(QUIET);
    assertEquals(List.of(), cluster.writes);
  }

  /** What it costs to edit and to delete policies of one node. */
  private static Map<String, Object> costs(OddCluster cluster, int policies) {
    int nodes = policies / 2;
    cluster.writes.clear();
    cluster.policy("p" + (policies - 1), spec(policies - 1, nodes, "200m"));
    Map<String, Object> cost = new HashMap<>();
    cost.put("edit of a policy in force", cluster.keysUntilQuiet());
    cost.put("its writes", cluster.writes.stream().map(ControllerWrite::resource).toList());
    List<String> written = cluster.nodesWritten();
    assertEquals(1, written.size());
    assertEquals("s" + (nodes - 1), slotOf(cluster.node(written.get(0))));
    cluster.policy("p0", spec(0, nodes, "200m"));
    cost.put("edit of another one", cluster.keysUntilQuiet());
    assertEquals(List.of(), cluster.nodesWritten());
    cluster.api.delete(CacheFeed.POLICIES + "/p1");
    cost.put("deletion", cluster.keysUntilQuiet());
    assertEquals(List.of(), cluster.nodesWritten());
    return cost;
  }

  private static String slotOf(JsonObject node) {
    return FleetJson.strings(node, "metadata", "labels").get("slot");
  }

  @Test
  void policiesWithRemoveGoFromTheirNodesAlone(TestReporter reporter) {
    int going = 20;
    OddCluster cluster = withPolicies(FEWER);
    for (int i = 0; i < going; i++) {
      cluster.policy(
          "r" + i,
          spec(FEWER + i, FEWER / 2, "900m")
              .replace("{'priority'", "{'deletionPolicy': 'Remove', 'priority'"));
    }
    cluster.keysUntilQuiet();
    cluster.writes.clear();
    for (int i = 0; i < going; i++) {
      cluster.api.delete(CacheFeed.POLICIES + "/r" + i);
    }
    int keys = cluster.keysUntilQuiet();
    reporter.publishEntry("keys", String.valueOf(keys));
    assertEquals(FEWER, cluster.all(CacheFeed.POLICIES).size());
    assertEquals(going, Set.copyOf(cluster.nodesWritten()).size());
    for (JsonObject node : cluster.all(CacheFeed.NODES)) {
      assertTrue(
          FleetJson.text(config(cluster, FleetJson.name(node)), "sources", "reservation")
              .startsWith("p"));
    }
    assertTrue(keys <= 60 * going, keys + " keys");
  }

  /** As when a repository of policies is applied. */
  @Test
  void aNewNodeDoesNotWaitForTheEditOfAllPolicies() {
    OddCluster cluster = withPolicies(FEWER);
    cluster.keysUntilQuiet();
    for (int i = 0; i < FEWER; i++) {
      cluster.policy("p" + i, spec(i, FEWER / 2, "300m"));
    }
    cluster.writes.clear();
    // When it joins, the nodes of all policies wait for the worker.
    cluster.eachKeyTakes(Duration.ofMillis(1));
    cluster.run(Duration.ofMillis(300));
    assertEquals(List.of(), cluster.nodesWritten());
    String joined = cluster.join(FleetJson.name(cluster.all(CacheFeed.NODES).get(0)));
    cluster.run(Duration.ofMinutes(1));
    List<String> written = List.copyOf(new LinkedHashSet<>(cluster.nodesWritten()));
    assertEquals(0, written.indexOf(joined), "its place among the nodes");
    assertEquals(FEWER / 2 + 1, written.size(), "all others are written as well");
  }

  private static String images(int folders) {
    return IntStream.range(0, 64)
        .mapToObj(
            i ->
                "{'ref': 'registry.example.com/%s:%02d'}"
                    .formatted("image/".repeat(folders) + "x", i))
        .collect(Collectors.joining(", ", "'images': [", "]"));
  }

  private static String classes() {
    return IntStream.range(0, 16)
        .mapToObj(
            i ->
                ("{'name': 'class-%02d', 'cpu': {'weight': 100}, 'advertise': {'cpu': '6%%',"
                        + " 'memory': '6%%'}}")
                    .formatted(i))
        .collect(Collectors.joining(", ", "'quota': {'classes': [", "]}"));
  }

  private static String on(String pool, String sections) {
    return "{'nodeSelector': {'matchLabels': {'half': '%s'}}, %s, 'warmUp': {'images': {}}}"
        .formatted(pool, sections);
  }

  private static OddCluster halves(int nodes) {
    return OddCluster.of(
        OddObjects.fleet(nodes)
            .nodes((i, metadata) -> OddObjects.label(metadata, "half", i % 2 == 0 ? "a" : "b")));
  }

  private static boolean isWarm(JsonObject node) {
    return FleetJson.strings(node, "metadata", "labels").containsKey(Keys.WARMED_UP);
  }

  @Test
  void sixteenClassesAndSixtyFourImagesReachEachNode(TestReporter reporter) {
    OddCluster cluster = halves(12);
    cluster.policy("a", on("a", classes() + ", " + images(1)));
    cluster.policy("b", on("b", "'reservation': {'cpu': '100m'}"));
    cluster.keysUntilQuiet();
    Map<String, Long> writes =
        cluster.nodesWritten().stream()
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    reporter.publishEntry("writes", writes.toString());
    for (JsonObject node : cluster.all(CacheFeed.NODES)) {
      boolean isOfA = FleetJson.strings(node, "metadata", "labels").get("half").equals("a");
      assertTrue(isWarm(node), () -> FleetJson.name(node));
      assertEquals(
          isOfA ? 32 : 0,
          FleetJson.strings(node, "status", "allocatable").keySet().stream()
              .filter(Keys::isOwnResource)
              .count());
      if (isOfA) {
        JsonObject config = config(cluster, FleetJson.name(node));
        assertEquals(16, FleetJson.objects(config, "quota", "classes").size());
        assertEquals(64, config.getAsJsonArray("images").size());
      }
      assertTrue(writes.get(FleetJson.name(node)) <= 20, writes::toString);
    }
    cluster.run(QUIET);
    assertEquals(List.of(), cluster.writes);
  }

  @Test
  void aConfigurationThatNoNodeCanCarryIsNamedAndHoldsUpNoOtherNode() {
    OddCluster cluster = halves(12);
    cluster.policy("a", on("a", classes() + ", " + images(37)));
    cluster.policy("b", on("b", "'reservation': {'cpu': '100m'}"));
    cluster.keysUntilQuiet();
    for (JsonObject node : cluster.all(CacheFeed.NODES)) {
      boolean isOfB = FleetJson.strings(node, "metadata", "labels").get("half").equals("b");
      assertEquals(isOfB, isWarm(node), () -> FleetJson.name(node));
      if (!isOfB) {
        String message =
            FleetJson.text(FleetJson.condition(node, Keys.WARMED_UP_CONDITION), "message");
        assertTrue(message.contains("at most " + Keys.CONFIG_MAX_BYTES + " are allowed"), message);
      }
    }
    assertEquals("0", FleetJson.text(cluster.policyStatus("a"), "nodes", "configured"));
    assertEquals("6", FleetJson.text(cluster.policyStatus("b"), "nodes", "configured"));
    cluster.writes.clear();
    cluster.run(QUIET);
    assertEquals(List.of(), cluster.writes);
  }

  /** All annotations of an object have at most 256 KiB; another writer has taken them. */
  @Test
  void aNodeWithoutRoomForAnAnnotationIsReportedOnceAndHoldsUpNoOtherNode() {
    OddCluster cluster =
        OddCluster.of(
            OddObjects.fleet(12)
                .nodes(
                    (i, metadata) -> {
                      if (i < 2) {
                        metadata
                            .getAsJsonObject("annotations")
                            .addProperty("example.com/big", "x".repeat(i == 0 ? 261_800 : 240_000));
                      }
                    }));
    List<String> names = cluster.all(CacheFeed.NODES).stream().map(FleetJson::name).toList();
    cluster.policy("p", on("a", classes()).replace("'matchLabels': {'half': 'a'}", ""));
    cluster.run(Duration.ofMinutes(1));
    for (String name : names) {
      assertEquals(!name.equals(names.get(0)), isWarm(cluster.node(name)), name);
    }
    assertEquals("11", FleetJson.text(cluster.policyStatus("p"), "nodes", "configured"));
    cluster.writes.clear();
    cluster.run(Duration.ofMinutes(30));
    assertTrue(
        cluster.writes.stream().allMatch(w -> w.name().equals(names.get(0))),
        cluster.writes::toString);
    assertTrue(cluster.writes.size() <= 60, cluster.writes.size() + " tries in 30 minutes");
    assertEquals(
        List.of(names.get(0)),
        cluster.events.stream()
            .filter(e -> e.type() == QosEvent.Type.WRITE_REFUSED)
            .map(e -> e.node().name())
            .toList());
    cluster.api.patch(
        CacheFeed.NODES + "/" + names.get(0),
        PatchType.MERGE,
        JsonParser.parseString("{'metadata': {'annotations': {'example.com/big': 'x'}}}")
            .getAsJsonObject());
    cluster.run(Duration.ofMinutes(2));
    assertTrue(isWarm(cluster.node(names.get(0))));
  }
}
