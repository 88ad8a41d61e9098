// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A leader dies before and after every single write of a rollout over twelve nodes in three zones,
 * or the reply to the write is lost. Another one finishes it, the end is that of an undisturbed
 * rollout, and {@link RolloutJudge} finds no node beyond what the record allows.
 */
class RolloutCrashTest {
  private static final int NODES = 12;

  /** Longer than all soaks, and the fail-over. */
  private static final int LONG = 120;

  private static final int LEASE = 15;
  private static final String STABLE = "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}";
  private static final String CHANGED =
      "{'reservation': {'cpu': '2'}, 'warmUp': {'nodeReady': {}}, 'rollout': {'steps':"
          + " [{'nodes': 1}, {'nodes': '50%', 'pause': {'duration': '3s'}}], 'maxConcurrent': 3,"
          + " 'health': {'for': '2s'}}}";

  private enum Moment {
    BEFORE,
    AFTER,
    REPLY_LOST
  }

  /**
   * @param broken nodes whose agent cannot apply the target
   * @param replica a second process is there already, and takes over
   * @param behind how many writes the caches of the next leader are behind at first
   */
  private record Case(Moment moment, List<String> broken, boolean replica, int behind) {}

  static Stream<Case> cases() {
    List<String> none = List.of();
    List<String> some = List.of("n5");
    return Stream.of(none, some)
        .flatMap(
            broken ->
                Stream.of(
                    new Case(Moment.BEFORE, broken, false, 0),
                    new Case(Moment.BEFORE, broken, true, 0),
                    new Case(Moment.AFTER, broken, false, 0),
                    new Case(Moment.AFTER, broken, true, 0),
                    new Case(Moment.AFTER, broken, false, 1),
                    new Case(Moment.AFTER, broken, true, 3),
                    new Case(Moment.REPLY_LOST, broken, true, 0)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anotherLeaderFinishesTheRollout(Case each) {
    Run undisturbed = new Run(each, 0);
    undisturbed.play();
    assertEquals(
        each.broken().isEmpty() ? RolloutPhase.COMPLETE : RolloutPhase.ROLLED_BACK,
        undisturbed.world.rollout().phase());
    assertTrue(undisturbed.writes > NODES, undisturbed::toString);
    for (int k = 1; k <= undisturbed.writes; k++) {
      Run run = new Run(each, k);
      run.play();
      String which = "write " + k + " of " + undisturbed.writes;
      assertEquals(undisturbed.nodes(), run.nodes(), () -> which + run.world.judge.lately());
      assertEquals(undisturbed.record(), run.record(), () -> which + run.world.judge.lately());
    }
  }

  @Test
  void revisionThatWasRolledBackIsNotTheStableOneOfALeaderThatFindsNoStatus() {
    Run run = new Run(new Case(Moment.AFTER, List.of("n5"), false, 0), 0);
    run.play();
    RolloutWorld world = run.world;
    assertEquals(RolloutPhase.ROLLED_BACK, world.rollout().phase());
    String stable = world.rollout().revisions().stable();

    world.apply(CHANGED.replace("'2'", "'3'"));
    world.kill(world.leader());
    world.policyApi.changeStatus(RolloutWorld.POLICY, new JsonObject());
    world.start().lead();
    world.seconds(1);
    assertEquals(stable, world.rollout().revisions().stable());
    run.toTheEnd();
    assertEquals(RolloutPhase.COMPLETE, world.rollout().phase());
  }

  /** One life, in which something happens at the k-th write of the rollout. */
  private static final class Run {
    final RolloutWorld world = new RolloutWorld();
    private final Case about;
    private final int k;
    int writes;

    Run(Case about, int k) {
      this.about = about;
      this.k = k;
    }

    void play() {
      for (int i = 0; i < NODES; i++) {
        world.join("n" + i, "z" + i % 3);
      }
      world.apply(STABLE);
      world.start().lead();
      if (about.replica()) {
        world.start();
      }
      world.seconds(10);
      world.agents(this::report);
      world.aroundWrites(this::before, this::after);
      world.apply(CHANGED);
      try {
        toTheEnd();
      } catch (RolloutWorld.Killed killed) {
        takeOver();
        toTheEnd();
      }
      int end = writes;
      world.seconds(35);
      assertEquals(end, writes, () -> "writes after the end" + world.judge.lately());
    }

    private void toTheEnd() {
      world.untilItEnds(LONG);
      // The rest of the status follows.
      world.seconds(12);
    }

    private void takeOver() {
      world.kill(world.leader());
      RolloutProcess next = about.replica() ? world.processes.get(0) : world.start();
      RolloutWorld.Seen seen = world.before(about.behind());
      if (about.behind() > 0) {
        world.kill(next);
        next = world.start();
        next.seePolicies(seen.policies(), seen.revisions());
        next.seeNodes(seen.nodes());
      }
      world.time.advance(Duration.ofSeconds(LEASE));
      next.lead();
      while (next.work()) {
        // It sees nothing new meanwhile.
      }
    }

    private void before() {
      writes++;
      boolean isLost = writes == k && about.moment() == Moment.REPLY_LOST;
      world.api.loseReplies(isLost);
      world.policyApi.loseReplies(isLost);
      if (writes == k && about.moment() == Moment.BEFORE) {
        throw new RolloutWorld.Killed();
      }
    }

    private void after() {
      if (writes == k && about.moment() == Moment.AFTER) {
        throw new RolloutWorld.Killed();
      }
    }

    /** The agents that cannot apply the target say so. */
    private void report(RolloutWorld w) {
      for (String name : about.broken()) {
        NodeView node = w.api.node(name);
        String config = node.annotations().getOrDefault(Keys.CONFIG, "");
        String error = node.labels().get(Keys.CONFIG_VERSION) + " no such cgroup";
        if (config.contains("\"cpu\":\"2\"")
            && !error.equals(node.annotations().get(Keys.APPLY_ERROR))) {
          w.api.change(name, n -> annotated(n, error));
        }
      }
    }

    private static NodeView annotated(NodeView node, String error) {
      Map<String, String> annotations = new HashMap<>(node.annotations());
      annotations.put(Keys.APPLY_ERROR, error);
      return new NodeView(
          node.meta(), node.labels(), Map.copyOf(annotations), node.taints(), node.status());
    }

    /** What the nodes carry. */
    Map<String, String> nodes() {
      Map<String, String> all = new TreeMap<>();
      world
          .api
          .nodes()
          .forEach(
              n ->
                  all.put(
                      n.name(),
                      n.labels().get(Keys.CONFIG_VERSION)
                          + " "
                          + n.annotations().get(Keys.CONFIG)));
      return all;
    }

    /** The record without its times. */
    JsonObject record() {
      JsonObject json = RolloutJson.json(world.rollout());
      List.of("startedAt", "stepSince", "healthySince", "message").forEach(json::remove);
      json.remove("failedNodes");
      return json;
    }

    @Override
    public String toString() {
      return writes + " writes" + world.judge.lately();
    }
  }
}
