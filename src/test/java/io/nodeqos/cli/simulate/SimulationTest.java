// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.cli.simulate.SimulationInput.Joins;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.cli.simulate.cluster.SimulatedCaches;
import io.nodeqos.cli.simulate.cluster.SimulatedController;
import io.nodeqos.cli.simulate.cluster.SnapshotObjects;
import io.nodeqos.cli.simulate.cluster.VirtualCluster;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.sim.fleet.FleetJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimulationTest {
  @Test
  void presentAndNewNodesBecomeWarm() {
    Simulation simulation =
        new Simulation(Fleets.input(Fleets.objects(10), Fleets.BASE, new Joins(3, 1)));
    SimulationResult result = simulation.run(simulation.cluster());
    List<NodeHistory> all = List.copyOf(result.run().nodes());
    assertEquals(13, all.size());
    assertEquals(13, all.stream().filter(node -> node.warmAt().isPresent()).count());
    List<NodeHistory> joined = all.stream().filter(NodeHistory::isNew).toList();
    assertEquals(3, joined.size());
    assertTrue(joined.stream().allMatch(NodeHistory::taintedAtCreation));
    assertEquals(
        List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2)),
        joined.stream()
            .map(node -> Duration.between(result.start(), node.joined().orElseThrow()))
            .sorted()
            .toList());
    SimulationResult.PolicyResult base = result.policies().get(0);
    assertEquals(13, base.matched());
    assertEquals(13, base.warm());
    assertEquals(List.of(), result.waiting());
    assertEquals(List.of(), result.warnings());
    assertEquals(0, result.run().failedWrites());
  }

  @Test
  void nodesWaitForAnAgentThatNeverBecomesReady() {
    ClusterObjects stuck =
        ClusterObjects.madeUp(Fleets.settings(5, 2), "nodeqos-system", Fleets.START);
    Simulation simulation = new Simulation(Fleets.input(stuck, Fleets.BASE, Joins.NONE));
    SimulationResult result = simulation.run(simulation.cluster());
    assertEquals(1, result.waiting().size());
    assertEquals(2, result.waiting().get(0).count());
    assertEquals("ReservedPodsNotReady", result.waiting().get(0).reason());
  }

  @Test
  void invalidPolicyIsReportedWithItsSentence() {
    String invalid = Fleets.BASE.replace("nodeReady: {}", "stableFor: 999999999999h");
    Simulation simulation = new Simulation(Fleets.input(Fleets.objects(2), invalid, Joins.NONE));
    SimulationResult result = simulation.run(simulation.cluster());
    assertEquals(1, result.policies().get(0).problems().size());
    assertTrue(
        result.policies().get(0).problems().get(0).contains("999999999999h"),
        result.policies().get(0).problems().get(0));
    assertEquals(0, result.run().marksLost());
  }

  /** A restored cluster has the same views as the one that its snapshot was taken of. */
  @Test
  void snapshotIsRestored() {
    Simulation simulation =
        new Simulation(Fleets.input(Fleets.objects(4), Fleets.BASE, new Joins(2, 1)));
    VirtualCluster cluster = simulation.cluster();
    simulation.run(cluster);
    ClusterObjects objects = SnapshotObjects.of(snapshot(cluster));
    VirtualCluster restored = simulation.restored(objects);
    SimulatedCaches before = cluster.controller().cluster();
    SimulatedCaches after = restored.controller().cluster();
    assertEquals(new TreeSet<>(before.nodeNames()), new TreeSet<>(after.nodeNames()));
    for (String name : before.nodeNames()) {
      NodeView was = before.node(name).orElseThrow();
      NodeView is = after.node(name).orElseThrow();
      assertTrue(is.sameAs(was), () -> was + "\nis now\n" + is);
      assertEquals(before.reserved(name).contentHash(), after.reserved(name).contentHash(), name);
    }
    RunRecord record = RunRecord.of(restored);
    restored.run(Duration.ofMinutes(15));
    assertEquals(Map.of(), nodeWrites(record));
  }

  private static Map<String, Integer> nodeWrites(RunRecord record) {
    Map<String, Integer> writes = new HashMap<>(record.writes());
    writes.keySet().removeIf(resource -> !resource.startsWith("nodes"));
    return writes;
  }

  private static ClusterSnapshot snapshot(VirtualCluster cluster) {
    SimulatedController controller = cluster.controller();
    Map<String, ClusterSnapshot.ReservedNamespace> reserved = new HashMap<>();
    SimulatedCaches caches = controller.cluster();
    caches
        .reserved("")
        .namespaces()
        .forEach(
            (name, onNoNode) ->
                reserved.put(
                    name,
                    new ClusterSnapshot.ReservedNamespace(
                        true,
                        caches.nodeNames().stream()
                            .flatMap(
                                node ->
                                    caches.reserved(node).namespaces().get(name).pods().stream())
                            .toList(),
                        onNoNode.daemonSets())));
    return new ClusterSnapshot(
        cluster.now(),
        new ClusterSnapshot.Controller("nodeqos-system", Optional.empty()),
        List.copyOf(controller.cluster().nodes().values()),
        Map.copyOf(controller.cluster().csiDrivers()),
        reserved,
        new ClusterSnapshot.Policies(
            controller.policies().names().stream()
                .map(name -> controller.policies().entry(name).orElseThrow().latest())
                .toList(),
            controller.policies().names().stream()
                .flatMap(name -> controller.policies().revisions(name).stream())
                .toList()),
        ClusterSnapshot.Spinners.NONE,
        Optional.empty());
  }

  /** Half of the nodes have the change when the snapshot is taken. */
  @Test
  void rolloutGoesOnInARestoredCluster() {
    String policy = Fleets.BASE + Fleets.ROLLOUT.replace("for: 1s", "for: 2m");
    Simulation simulation = new Simulation(Fleets.input(Fleets.objects(10), policy, Joins.NONE));
    VirtualCluster cluster = simulation.cluster();
    simulation.run(cluster);
    JsonObject stored = policy(cluster);
    stored.getAsJsonObject("spec").getAsJsonObject("reservation").addProperty("cpu", "900m");
    assertTrue(cluster.api().update(CacheFeed.POLICIES + "/base", stored).ok());
    cluster.run(Duration.ofMinutes(3));
    Map<String, String> half = versions(cluster);
    assertEquals(2, Set.copyOf(half.values()).size());

    VirtualCluster restored = simulation.restored(SnapshotObjects.of(snapshot(cluster)));
    restored.run(Duration.ofSeconds(30));
    assertEquals(half, versions(restored));
    restored.run(Duration.ofMinutes(10));

    cluster.run(Duration.ofMinutes(10));
    assertEquals(1, Set.copyOf(versions(restored).values()).size());
    assertEquals(versions(cluster), versions(restored));
    assertEquals("Complete", FleetJson.text(policy(restored), "status", "rollout", "phase"));
  }

  private static JsonObject policy(VirtualCluster cluster) {
    return cluster.api().object(CacheFeed.POLICIES, "", "base").orElseThrow().parse();
  }

  private static Map<String, String> versions(VirtualCluster cluster) {
    Map<String, String> versions = new HashMap<>();
    cluster
        .api()
        .objects(CacheFeed.NODES)
        .forEach(
            node ->
                versions.put(
                    node.key().name(),
                    FleetJson.strings(node.parse(), "metadata", "labels")
                        .getOrDefault(Keys.CONFIG_VERSION, "")));
    return versions;
  }

  @Test
  void restartOfAllReplicasWritesNothing() {
    WhatIf.Answer answer = ask("restart", Fleets.BASE);
    assertEquals(0, answer.marksLost());
    assertEquals(0, answer.writes());
    assertEquals(20, answer.warmBefore());
  }

  @Test
  void brakeHoldsTheMarksWhenAnAgentGoesDown() {
    String continuous =
        Fleets.BASE.replace("warmUp:", "warmUp:\n    mode: Continuous\n    stableFor: 1s");
    WhatIf.Answer all = ask("agent=cilium", continuous);
    assertEquals(0, all.marksLost());
    assertEquals(20, all.braked());
    WhatIf.Answer few =
        ask("agent=cilium,kubernetes.io/hostname in (general-00000,general-00002)", continuous);
    assertEquals(0, few.braked());
    assertTrue(few.marksLost() >= 1 && few.marksLost() <= 2, few.toString());
  }

  @Test
  void brakeHoldsTheMarksOfADeletedPolicyThatRemovesThem() {
    WhatIf.Answer removes =
        ask("delete=base", Fleets.BASE.replace("spec:", "spec:\n  deletionPolicy: Remove"));
    assertEquals(0, removes.marksLost());
    assertEquals(20, removes.braked());
    WhatIf.Answer keeps = ask("delete=base", Fleets.BASE);
    assertEquals(0, keeps.marksLost());
    assertEquals(0, keeps.braked());
  }

  private static WhatIf.Answer ask(String question, String policies) {
    Simulation simulation = new Simulation(Fleets.input(Fleets.objects(20), policies, Joins.NONE));
    VirtualCluster cluster = simulation.cluster();
    simulation.run(cluster);
    return new WhatIfRun(simulation.restored(cluster.objects())).ask(Questions.parse(question));
  }

  @Test
  void newNodesAreLikePresentOnes() {
    Simulation simulation =
        new Simulation(Fleets.input(Fleets.objects(10), Fleets.BASE, new Joins(5, 5)));
    SimulationResult result = simulation.run(simulation.cluster());
    result.run().nodes().stream()
        .filter(NodeHistory::isNew)
        .forEach(
            node -> {
              JsonObject object = result.nodes().get(node.name());
              String pool =
                  FleetJson.strings(object, "metadata", "labels").get("nodeqos.io/demo-pool");
              assertTrue(node.name().startsWith(pool + "-0001"), node.name());
            });
  }
}
