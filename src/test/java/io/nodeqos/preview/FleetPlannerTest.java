// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import io.nodeqos.preview.ClusterSnapshot.Spinners;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetPlannerTest {

  private static final String WAITS_FOR_CNI =
      """
      {"warmUp": {"stableFor": "10s", "reservedPods": [
         {"namespace": "kube-system", "selector": {"matchLabels": {"k8s-app": "cni"}}}]}}
      """;

  private final FakeTime time = new FakeTime();

  @Test
  void everyNodeIsDecidedWithItsPodsOfTheSnapshot() {
    ClusterSnapshot snapshot =
        snapshot(List.of(node("node-2").build(), node("node-1").build()), List.of(cni()))
            .withPolicies(new Policies(List.of(policy("base", WAITS_FOR_CNI)), List.of()));

    List<NodePreview> all = decide(snapshot);

    assertEquals(List.of("node-1", "node-2"), all.stream().map(NodePreview::node).toList());
    NodePlan waiting = all.get(1).plan();
    assertEquals(NodePhase.WAITING, waiting.summary().phase());
    assertEquals(Reason.RESERVED_PODS_NOT_READY.code(), waiting.summary().reason());
    assertFalse(waiting.status().isEmpty(), "its condition is to be written");
    assertEquals(Reason.STABILIZING.code(), all.get(0).plan().summary().reason());
  }

  @Test
  void nodesWithoutPolicyStayAsTheyAre() {
    List<NodePreview> all = decide(snapshot(List.of(node("a").build()), List.of()));

    assertTrue(all.get(0).plan().isConverged());
    assertEquals(NodePhase.UNMANAGED, all.get(0).plan().summary().phase());
  }

  @Test
  void configurationIsComputedByTheBuiltInWorkers() {
    ClusterSnapshot snapshot =
        snapshot(List.of(node("a").build()), List.of())
            .withPolicies(
                new Policies(
                    List.of(policy("base", "{'reservation': {'cpu': '500m'}}")), List.of()));

    NodePlan plan = decide(snapshot).get(0).plan();

    assertEquals(NodePhase.CONFIGURED, plan.summary().phase(), plan.summary()::message);
    assertTrue(plan.base().setLabels().containsKey(Keys.CONFIG_VERSION));
  }

  private List<NodePreview> decide(ClusterSnapshot snapshot) {
    return FleetPlanner.of(
            SnapshotCluster.of(snapshot),
            FleetPlanner.catalog(snapshot.policies()),
            ReconcileSettings.DEFAULTS,
            SpinnerSettings.DEFAULTS,
            time.source())
        .decideAll();
  }

  private ClusterSnapshot snapshot(List<NodeView> nodes, List<PodView> pods) {
    return new ClusterSnapshot(
        time.instant(),
        new Controller("nodeqos-system", Optional.empty()),
        nodes,
        Map.of(),
        Map.of("kube-system", new ReservedNamespace(true, pods, List.of())),
        Policies.NONE,
        Spinners.NONE,
        Optional.empty());
  }

  /** It runs on node-1. */
  private static PodView cni() {
    return ReservedFixture.pod("cni", true);
  }
}
