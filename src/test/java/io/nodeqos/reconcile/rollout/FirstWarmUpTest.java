// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.Keys;
import io.nodeqos.policy.rollout.RolloutPhase;
import org.junit.jupiter.api.Test;

/** Rollouts whose target changes little on a node, or only after a while. */
class FirstWarmUpTest {
  private static final String ROLLOUT =
      "'rollout': {'steps': [{'nodes': 1}], 'health': {'for': '2s'}}";

  private final RolloutWorld world = new RolloutWorld();

  private void after(String stable, String target) {
    for (int i = 0; i < 3; i++) {
      world.join("n" + i, "z");
    }
    world.apply(stable);
    world.start().lead();
    world.seconds(10);
    world.apply(target);
    world.untilItEnds(300);
  }

  @Test
  void openGatesThatMustStayOpenForLongAreNoFailure() {
    after(
        "{'reservation': {'cpu': '1'}}",
        "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}, 'stableFor': '2m'}, "
            + ROLLOUT
            + "}");
    assertEquals(RolloutPhase.COMPLETE, world.rollout().phase(), world.rollout().message());
    assertTrue(
        world.api.nodes().stream().allMatch(n -> n.labels().containsKey(Keys.WARMED_UP)),
        "each step has waited for them");
  }

  @Test
  void revisionThatSetsNothingReachesNodesThatNoPolicyHasSelected() {
    after(
        "{'nodeSelector': {'matchLabels': {'pool': 'y'}}, 'reservation': {'cpu': '1'}}",
        "{" + ROLLOUT + "}");
    assertEquals(RolloutPhase.COMPLETE, world.rollout().phase(), world.rollout().message());
  }
}
