// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.gate.Gates;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.reconcile.DampingSettings;
import io.nodeqos.reconcile.plan.ConfigSyncer;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.reconcile.plan.StatusUpdater;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The size of a node write does not depend on the fields of other writers. */
class WriteBytesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final PolicyCatalog POLICIES =
      PolicyFixture.catalog(
          PolicyFixture.policy(
              "p",
              "{'reservation': {'cpu': '100m'},"
                  + "'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]},"
                  + "'warmUp': {'nodeReady': {}, 'reservedPods': [{'namespace': 'kube-system'}]}}"));

  @Test
  void bytesOfANodeWriteDoNotGrowWithForeignFields() {
    NodePlan small = decide(crowded(0));
    NodePlan crowded = decide(crowded(500));
    assertTrue(!small.metadata().isEmpty() && !small.status().isEmpty());
    assertEquals(metadata(small), metadata(crowded));
    assertEquals(status(small), status(crowded));
    assertTrue(metadata(crowded).length() < 1_000, metadata(crowded));
    assertTrue(status(crowded).length() < 1_000, status(crowded));
  }

  private static String metadata(NodePlan plan) {
    return PatchBodies.metadata("100", plan.metadata());
  }

  private static String status(NodePlan plan) {
    return PatchBodies.status("100", plan.status(), NOW);
  }

  /** A node that carries so much of others. */
  private static NodeFixture crowded(int things) {
    NodeFixture node = NodeFixture.node("n").taint(Keys.STARTUP_TAINT).condition("Ready", "False");
    for (int i = 0; i < things; i++) {
      node.label("example.com/label-" + i, "value")
          .annotation("example.com/annotation-" + i, "value")
          .condition("Condition" + i, "True")
          .taint("node.kubernetes.io/taint-" + i)
          .resource("example.com/resource-" + i, "1")
          .image("example.com/image:" + i);
    }
    return node;
  }

  private static NodePlan decide(NodeFixture node) {
    WorkerRegistry workers =
        WorkerRegistry.discovered(PluginSettings.DEFAULTS, (worker, run) -> {});
    workers.start();
    NodePlanner planner =
        new NodePlanner(
            new ConfigSyncer(workers, () -> DampingSettings.DEFAULT, () -> false),
            new StatusUpdater(new Gates(), () -> DampingSettings.DEFAULT));
    return planner.decide(
        Plans.observation(
            node.build(),
            ReservedFixture.kubeSystem(List.of(ReservedFixture.pod("cni", false)), List.of()),
            NodeMemory.NONE,
            POLICIES.snapshot(),
            NOW));
  }
}
