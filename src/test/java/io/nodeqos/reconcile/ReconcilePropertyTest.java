// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.reconcile.plan.WriteRules;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens, in whatever order: every write keeps to {@link WriteRules}, and once the world
 * is quiet every node carries what it should and nothing is written any more.
 */
class ReconcilePropertyTest {
  private static final int STEPS = 300;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("nodeqos.test.seeds", 40));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void undisturbedClusterConvergesAndStaysUnchanged(long seed) {
    World world = new World(seed);
    for (int i = 0; i < STEPS; i++) {
      world.step();
    }
    // Longer than the longest damping: ten minutes of calm for a lower reservation, and then five
    // for
    // fields that another writer has reverted repeatedly.
    world.settle(Duration.ofMinutes(20));
    for (NodeView node : world.api.nodes()) {
      assertConverged(world, node);
    }
    assertEquals(Set.of(), world.leader().process.fleet.differing());
    if (inForce(world.leader()).equals(inForce(world.standby()))) {
      assertEquals(Set.of(), world.standby().process.fleet.differing());
    }

    int writes = world.api.writes().size();
    int policyWrites = world.policyApi.writes();
    world.api.calls();
    world.settle(Duration.ofMinutes(30));
    assertEquals(writes, world.api.writes().size(), "writes to nodes in steady state");
    assertEquals(List.of(), world.api.calls(), "calls in steady state, resync included");
    assertEquals(policyWrites, world.policyApi.writes(), "writes to policies in steady state");
  }

  /**
   * Of an invalid policy each process keeps the version that it last saw valid, which one that
   * started later, or whose list skipped a version, does not know.
   */
  private static List<Object> inForce(QueuedProcess process) {
    return List.of(
        process.process.policies.snapshot().unknown(),
        process.process.policies.snapshot().inForce().stream().map(NodeQoSPolicy::spec).toList());
  }

  private static void assertConverged(World world, NodeView node) {
    QueuedProcess leader = world.leader();
    NodePlan plan =
        Plans.planner()
            .decide(
                Plans.observation(
                    node,
                    leader.process.cluster.reserved(node.name()),
                    NodeMemory.NONE,
                    leader.process.policies.snapshot(),
                    world.time.instant()));
    assertTrue(plan.isConverged(), () -> node + "\nshould become\n" + plan);
  }
}
