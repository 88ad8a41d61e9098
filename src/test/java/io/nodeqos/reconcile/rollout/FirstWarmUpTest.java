// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Rollouts whose target changes little on a node, or only after a while. */
class FirstWarmUpTest {
  private static final String ROLLOUT =
      "'rollout': {'steps': [{'nodes': 1}], 'health': {'for': '2s'}}";

  private static final String DRIVER = "example.com/DriverReady";
  private static final String GATE =
      "'warmUp': {'mode': 'Continuous', 'conditions': [{'type': '" + DRIVER + "'}]}";

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

  /** Every node has a device driver that needs two minutes. */
  @Test
  void gateThatOpensLateIsNoFailureOfANodeThatHasNotBeenWarm() {
    Instant ready = world.time.instant().plusSeconds(130);
    world.agents(
        w ->
            w.api.nodes().stream()
                .filter(n -> w.time.instant().isAfter(ready) && n.condition(DRIVER).isEmpty())
                .forEach(n -> w.api.change(n.name(), node -> Plans.reporting(node, DRIVER, true))));
    after(
        "{'reservation': {'cpu': '1'}}",
        "{'reservation': {'cpu': '1'}, " + GATE + ", " + ROLLOUT + "}");
    assertEquals(RolloutPhase.COMPLETE, world.rollout().phase(), world.rollout().message());
    assertTrue(world.time.instant().isAfter(ready), "it has waited");
  }

  @Test
  void gateThatClosesIsAFailureOfANodeThatWasWarm() {
    for (int i = 0; i < 10; i++) {
      world.join("n" + i, "z");
      world.api.change("n" + i, node -> Plans.reporting(node, DRIVER, true));
    }
    world.apply("{'reservation': {'cpu': '1'}, " + GATE + "}");
    world.start().lead();
    world.seconds(60);
    String stable = version(world.api.node("n0"));
    assertTrue(world.api.node("n0").labels().containsKey(Keys.WARMED_UP));
    world.agents(
        w ->
            w.api.nodes().stream()
                .filter(n -> !version(n).equals(stable))
                .forEach(
                    n -> w.api.change(n.name(), node -> Plans.reporting(node, DRIVER, false))));
    world.apply("{'reservation': {'cpu': '2'}, " + GATE + ", " + ROLLOUT.replace("2s", "3m") + "}");
    world.untilItEnds(600);
    assertEquals(RolloutPhase.ROLLED_BACK, world.rollout().phase(), world.rollout().message());
    assertEquals("GateClosed", world.rollout().failed().get(0).reason());
  }

  private static String version(NodeView node) {
    return node.labels().get(Keys.CONFIG_VERSION);
  }

  @Test
  void revisionThatSetsNothingReachesNodesThatNoPolicyHasSelected() {
    after(
        "{'nodeSelector': {'matchLabels': {'pool': 'y'}}, 'reservation': {'cpu': '1'}}",
        "{" + ROLLOUT + "}");
    assertEquals(RolloutPhase.COMPLETE, world.rollout().phase(), world.rollout().message());
  }
}
