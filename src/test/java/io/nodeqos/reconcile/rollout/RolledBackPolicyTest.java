// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.reconcile.WriteResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a rollback leaves on the nodes, and what another term does about moves of an earlier one.
 */
class RolledBackPolicyTest {
  private static final String ROLLOUT =
      "'rollout': {'steps': [{'nodes': '50%'}], 'health': {'for': '2s'}}";

  private final RolloutWorld world = new RolloutWorld();

  @Test
  void newPolicyThatFailsIsTakenOffItsNodesAlthoughItKeepsWhatItHasDone() {
    nodes();
    world.start().lead();
    world.apply(
        "{'reservation': {'cpu': '1'}, 'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu':"
            + " '50%'}}]}, "
            + ROLLOUT
            + "}");
    world.seconds(5);
    assertTrue(world.api.node("n0").annotations().containsKey(Keys.CONFIG));
    break0();
    world.untilItEnds(60);
    assertEquals(RolloutPhase.ROLLED_BACK, world.rollout().phase());
    for (NodeView node : world.api.nodes()) {
      assertFalse(node.annotations().containsKey(Keys.CONFIG), node::toString);
      assertFalse(node.labels().containsKey(Keys.CONFIG_VERSION), node::toString);
      assertTrue(node.status().capacity().keySet().stream().noneMatch(Keys::isOwnResource));
    }
  }

  @Test
  void moveOfAnEarlierTermIsNotCarriedOutInTheNext() {
    nodes();
    RolloutProcess first = world.start();
    first.lead();
    world.apply("{'reservation': {'cpu': '1'}}");
    world.seconds(8);
    world.apply("{'reservation': {'cpu': '2'}, " + ROLLOUT + "}");
    // The leader decides on moves, and is deposed before any of them is written.
    world.api.thenAnswer(new WriteResult.Fenced("closed"));
    world.api.thenAnswer(new WriteResult.Fenced("closed"));
    world.api.thenAnswer(new WriteResult.Fenced("closed"));
    world.work();
    first.depose();
    RolloutProcess second = world.start();
    second.lead();
    world.apply(
        "{'reservation': {'cpu': '3'}, "
            + ROLLOUT.replace("{'steps'", "{'paused': true, 'steps'")
            + "}");
    world.seconds(10);
    assertEquals("PausedBySpec", world.rollout().reason());
    int writes = world.api.writes().size();
    second.depose();
    first.lead();
    world.seconds(20);
    assertEquals(writes, world.api.writes().size(), world.judge::lately);
  }

  private void nodes() {
    for (int i = 0; i < 6; i++) {
      world.join("n" + i, "z" + i % 3);
    }
  }

  private void break0() {
    world.pods.put(
        "n0",
        ReservedFixture.kubeSystem(
            List.of(
                ReservedFixture.reported(ReservedFixture.pod("cni", false), world.time.instant())),
            List.of()));
  }
}
