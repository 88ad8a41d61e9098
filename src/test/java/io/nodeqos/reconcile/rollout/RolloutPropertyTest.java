// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens, in whatever order: {@link RolloutJudge} accepts every write, and once the world
 * is quiet the rollout is complete, paused with a reason, or rolled back, and nothing is written
 * any more.
 */
class RolloutPropertyTest {
  private static final int STEPS = 40;
  private static final Set<RolloutPhase> ENDS =
      Set.of(RolloutPhase.COMPLETE, RolloutPhase.PAUSED, RolloutPhase.ROLLED_BACK);

  /** Those that have found something: they come first. */
  private static final long[] FOUND = {2, 4, 13, 47, 64, 92, 364, 11_728, 31_089};

  static LongStream seeds() {
    long first = Long.getLong("nodeqos.test.firstSeed", 1_000);
    return LongStream.concat(
        LongStream.of(FOUND),
        LongStream.range(first, first + Long.getLong("nodeqos.test.seeds", 8)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void rolloutEndsAndNothingIsWrittenAfterwards(long seed) {
    RolloutLife life = new RolloutLife(seed);
    RolloutWorld world = life.world;
    for (int i = 0; i < STEPS; i++) {
      life.step();
    }
    life.heal();
    world.seconds(240);

    RolloutState end = world.rollout();
    // A suspended policy freezes its nodes, whatever they carry.
    boolean isFrozen = world.spec().contains("\"suspend\":true");
    assertTrue(isFrozen || ENDS.contains(end.phase()), () -> end + world.judge.lately());
    assertFalse(
        end.phase() == RolloutPhase.PAUSED && (end.reason().isEmpty() || end.message().isEmpty()),
        end::toString);
    if (end.phase() != RolloutPhase.PAUSED && !isFrozen) {
      String all = end.phase() == RolloutPhase.COMPLETE ? end.revisions().target() : "";
      for (NodeView node : world.api.nodes()) {
        assertTrue(
            !world.isSelected(node)
                || carries(world, node, all)
                || carries(world, node, end.revisions().stable()),
            () -> node.name() + " in " + end + world.spec() + world.judge.lately());
      }
    }

    int writes = world.api.writes().size();
    int policyWrites = world.policyApi.writes();
    world.seconds(120);
    assertEquals(writes, world.api.writes().size(), () -> "writes" + world.judge.lately());
    assertEquals(policyWrites, world.policyApi.writes(), () -> "writes" + world.judge.lately());
  }

  /** A node without an entry has the stable revision, or no policy selects it. */
  private static boolean carries(RolloutWorld world, NodeView node, String revision) {
    String carried = world.judge.carried(node);
    return carried.isEmpty() || carried.equals(revision);
  }
}
