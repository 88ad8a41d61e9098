// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetDaemonSets;
import io.nodeqos.sim.fleet.FleetJson;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Reserved namespaces, pods and nodes of an odd number. */
class OddPodsTest {
  private static final String AGENT_GATE =
      "{'warmUp': {'nodeReady': {}, 'reservedPods': [{'namespace': 'kube-system', 'selector':"
          + " {'matchLabels': {'k8s-app': 'cilium'}}}]}}";

  /** Of the two agents of each node. */
  private static final int AGENTS_MILLI = 130;

  private static boolean isWarm(OddCluster cluster, String node) {
    return FleetJson.strings(cluster.node(node), "metadata", "labels").containsKey(Keys.WARMED_UP);
  }

  private static String reservedCpu(OddCluster cluster, String node) {
    String config =
        FleetJson.strings(cluster.node(node), "metadata", "annotations").get(Keys.CONFIG);
    return FleetJson.text(JsonParser.parseString(config).getAsJsonObject(), "reservation", "cpu");
  }

  private static List<String> names(OddCluster cluster) {
    return cluster.all(CacheFeed.NODES).stream().map(FleetJson::name).toList();
  }

  /** One pod in each namespace, and what one more costs. */
  private static Map<String, Object> namespaces(int namespaces, int nodes) {
    OddObjects objects = OddObjects.fleet(nodes);
    for (int i = 0; i < namespaces; i++) {
      objects.reserve("ns-" + i).pod("ns-" + i, "agent-" + i, objects.node(i % nodes), "10m");
    }
    OddCluster cluster = OddCluster.of(objects);
    cluster.policy(
        "p",
        "{'reservation': {'cpu': '100m', 'countReservedPods': true}, 'warmUp': {'reservedPods':"
            + " [{'namespace': 'ns-0', 'selector': {}}, {'namespace': 'kube-system', 'selector':"
            + " {}}]}}");
    cluster.keysUntilQuiet();
    int milli = 100 + AGENTS_MILLI + 10 * namespaces / nodes;
    for (String node : names(cluster)) {
      assertEquals((milli + 49) / 50 * 50 + "m", reservedCpu(cluster, node), node);
      // Only one node has a pod of the first namespace, and no DaemonSet has to place any.
      assertEquals(node.equals(objects.node(0)), isWarm(cluster, node), node);
    }
    cluster.writes.clear();
    String node = objects.node(nodes - 1);
    assertTrue(
        cluster
            .api
            .create("/api/v1/namespaces/ns-1/pods", objects.created("ns-1", "more", node, "100m"))
            .ok());
    Map<String, Object> cost = new HashMap<>();
    cost.put("keys", cluster.keysUntilQuiet());
    assertEquals((milli + 149) / 50 * 50 + "m", reservedCpu(cluster, node));
    cost.put("writes", cluster.nodesWritten().stream().map(node::equals).toList());
    return cost;
  }

  @Test
  void aPodCostsTheSameAmongTenReservedNamespacesAndAThousand(TestReporter reporter) {
    Map<String, Object> cost = namespaces(1_000, 50);
    reporter.publishEntry("cost", cost.toString());
    assertEquals(namespaces(10, 5), cost);
  }

  @Test
  void aThousandPodsOnOneNodeHoldUpThatNodeAlone(TestReporter reporter) {
    int pods = 1_000;
    OddObjects objects = OddObjects.fleet(21);
    objects.reserve("batch");
    for (int i = 0; i < pods; i++) {
      objects.newPod("batch", "pod-" + i, objects.node(0), "2m");
    }
    for (int i = 1; i < 21; i++) {
      objects.pod("batch", "other-" + i, objects.node(i), "2m");
    }
    String crowded = objects.node(0);
    OddCluster cluster = OddCluster.of(objects);
    cluster.policy(
        "p",
        "{'reservation': {'cpu': '100m', 'countReservedPods': true}, 'warmUp': {'reservedPods':"
            + " [{'namespace': 'batch', 'selector': {'matchLabels': {'tier': 'system'}}}]}}");
    int keys = cluster.run(Duration.ofSeconds(1));
    for (String node : names(cluster)) {
      assertEquals(!node.equals(crowded), isWarm(cluster, node), node);
    }
    int longest = 0;
    for (int i = 0; i < 600 && !isWarm(cluster, crowded); i++) {
      keys += cluster.run(Duration.ofMillis(100));
      longest =
          Math.max(
              longest,
              FleetJson.text(
                      FleetJson.condition(cluster.node(crowded), Keys.WARMED_UP_CONDITION),
                      "message")
                  .length());
    }
    assertTrue(isWarm(cluster, crowded), "after a minute");
    assertTrue(
        cluster.all(CacheFeed.PODS).stream()
            .allMatch(
                pod -> FleetJson.text(FleetJson.condition(pod, "Ready"), "status").equals("True")));
    keys += cluster.keysUntilQuiet();
    assertEquals(
        (100 + AGENTS_MILLI + 2 * pods + 49) / 50 * 50 + "m", reservedCpu(cluster, crowded));
    int writes = Collections.frequency(cluster.nodesWritten(), crowded);
    reporter.publishEntry("keys", keys + ", writes " + writes + ", message " + longest);
    assertTrue(writes <= 6, writes + " writes");
    assertTrue(longest <= 8_192, longest + " characters");
    assertTrue(keys <= 3 * pods, keys + " keys");
  }

  @Test
  void aDaemonSetIsRolledWithoutAWriteToAnyOfItsNodes(TestReporter reporter) {
    int nodes = Integer.getInteger("nodeqos.test.nodes", 1_000);
    OddObjects objects = OddObjects.fleet(nodes);
    OddCluster cluster = OddCluster.of(objects);
    cluster.policy("p", AGENT_GATE);
    cluster.keysUntilQuiet();
    names(cluster).forEach(node -> assertTrue(isWarm(cluster, node), node));
    cluster.writes.clear();
    cluster.api.patch(
        "/apis/apps/v1/namespaces/kube-system/daemonsets/" + FleetDaemonSets.NETWORK_AGENT,
        PatchType.MERGE,
        JsonParser.parseString(
                "{'spec': {'template': {'metadata': {'annotations': {'roll': '1'}}}}}")
            .getAsJsonObject());
    int keys = cluster.run(Duration.ofSeconds(10));
    assertTrue(keys <= nodes + 10, keys + " keys for a new template");
    List<JsonObject> pods =
        cluster.all(CacheFeed.PODS).stream()
            .filter(
                pod ->
                    FleetJson.text(pod, "metadata", "labels", "k8s-app")
                        .equals(FleetDaemonSets.NETWORK_AGENT))
            .toList();
    String joined = "";
    int tenth = nodes / 10;
    for (int from = 0; from < nodes; from += tenth) {
      for (JsonObject pod : pods.subList(from, Math.min(nodes, from + tenth))) {
        cluster.api.delete(
            "/api/v1/namespaces/kube-system/pods/" + FleetJson.name(pod) + "?gracePeriodSeconds=0");
      }
      if (from == 5 * tenth) {
        joined = cluster.join(objects.node(0));
      }
      keys += cluster.run(Duration.ofSeconds(20));
      if (from == 5 * tenth) {
        assertTrue(isWarm(cluster, joined), "in the middle of it");
        assertEquals(
            List.of(joined), cluster.nodesWritten().stream().distinct().toList(), "no other node");
      }
    }
    keys += cluster.keysUntilQuiet();
    reporter.publishEntry("keys", String.valueOf(keys));
    assertEquals(List.of(), cluster.writes);
    for (JsonObject pod : cluster.all(CacheFeed.PODS)) {
      assertEquals("True", FleetJson.text(FleetJson.condition(pod, "Ready"), "status"));
    }
    names(cluster).forEach(node -> assertTrue(isWarm(cluster, node), node));
    // The template, and of each pod: gone, made, started, Ready.
    assertTrue(keys <= 5 * nodes + 100, keys + " keys");
  }
}
