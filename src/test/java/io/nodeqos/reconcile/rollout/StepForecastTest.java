// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import io.nodeqos.reconcile.rollout.StepForecast.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The leader gives nodes the target revision in the steps that the forecast names. */
class StepForecastTest {
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String[] STEPS = {
    "[]",
    "[{'nodes': 1}]",
    "[{'nodes': 2}, {'nodes': 5}]",
    "[{'nodes': '10%'}, {'nodes': '50%'}]",
    "[{'nodes': 3}, {'nodes': '1%'}, {'nodes': '90%'}]"
  };
  private static final int MAX_LOOKS = 10_000;

  private final Map<String, String> carried = new TreeMap<>();
  private Instant now = PolicyFixture.CREATED;

  @RepeatedTest(100)
  void leaderMovesTheNodesOfEachStep(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Node> nodes = nodes(random);
    PolicyRollout rollout = rollout(random);
    nodes.forEach(n -> carried.put(n.view().name(), rollout.stable()));

    StepForecast forecast = StepForecast.of(rollout, nodes);

    Map<Integer, Set<String>> moved = moved(rollout, nodes);
    for (StepForecast.Step step : forecast.steps()) {
      assertEquals(
          moved.getOrDefault(step.number(), Set.of()),
          new TreeSet<>(step.given()),
          "step " + step.number() + " of " + forecast);
      assertEquals(
          step.given().size(), step.zones().values().stream().mapToInt(Integer::intValue).sum());
    }
    assertEquals(nodes.size(), forecast.steps().stream().mapToInt(s -> s.given().size()).sum());
  }

  /** n0 is on the target, n5 has the revision of an earlier edit, n2 is frozen, n6 is new. */
  @Test
  void rolloutThatGoesOnTakesEarlierEditsFirstAndLeavesFrozenNodesOut() {
    PolicyRollout rollout =
        rollout("[{'nodes': 1, 'pause': {'duration': '5s'}}, {'nodes': 4, 'pause': {}}]", 2);
    List<Node> nodes =
        List.of(
            new Node(carrying("n0", rollout.target()), false, true),
            new Node(carrying("n1", rollout.stable()), false, true),
            new Node(carrying("n2", rollout.stable()), false, false),
            new Node(carrying("n3", rollout.stable()), true, true),
            new Node(carrying("n4", rollout.stable()), false, true),
            new Node(carrying("n5", RolloutFixture.edit()), false, true),
            new Node(NodeFixture.empty("n6").build(), false, true));

    StepForecast forecast = StepForecast.of(rollout, nodes);

    assertEquals(6, forecast.nodes(), "one without capacity does not count");
    assertEquals(1, forecast.updated());
    assertEquals(1, forecast.held());
    assertEquals(
        List.of(List.of(), List.of("n5", "n1", "n4"), List.of("n3")),
        forecast.steps().stream().map(StepForecast.Step::given).toList(),
        "the unwell one comes last");
    assertEquals(
        List.of(1, 4, 6), forecast.steps().stream().map(StepForecast.Step::wanted).toList());
    assertEquals(rollout.spec().health().soak().multipliedBy(3).plusSeconds(5), forecast.least());
    assertEquals(1, forecast.promotions());
  }

  private static NodeView carrying(String name, String revision) {
    return RolloutFixture.carrying(name, revision).build();
  }

  private static List<Node> nodes(Random random) {
    List<Node> nodes = new ArrayList<>();
    int size = 1 + random.nextInt(30);
    for (int i = 0; i < size; i++) {
      NodeFixture node = NodeFixture.node("n" + i);
      int zone = random.nextInt(4);
      if (zone > 0) {
        node.label(ZONE, "z" + zone);
      }
      nodes.add(new Node(node.build(), random.nextInt(5) == 0, true));
    }
    return nodes;
  }

  private static PolicyRollout rollout(Random random) {
    return rollout(STEPS[random.nextInt(STEPS.length)], 1 + random.nextInt(6));
  }

  private static PolicyRollout rollout(String steps, int maxConcurrent) {
    return RolloutFixture.rollout(
        "{'reservation': {'cpu': '2'}, 'rollout': {'steps': %s, 'maxConcurrent': %d}}"
            .formatted(steps, maxConcurrent));
  }

  /**
   * Asks the leader's planner until the rollout is complete; each moved node is healthy at once.
   */
  private Map<Integer, Set<String>> moved(PolicyRollout rollout, List<Node> nodes) {
    Map<Integer, Set<String>> moved = new HashMap<>();
    Optional<RolloutState> written = Optional.empty();
    for (int look = 0; look < MAX_LOOKS; look++) {
      RolloutDecision decision = RolloutPlanner.decide(input(rollout, nodes, written));
      if (decision.state().phase() == RolloutPhase.COMPLETE) {
        return moved;
      }
      if (decision.isAllowedBy(written)) {
        int step = decision.state().progress().step();
        assertTrue(decision.moves().size() <= rollout.spec().maxConcurrent());
        decision
            .moves()
            .keySet()
            .forEach(n -> moved.computeIfAbsent(step, s -> new TreeSet<>()).add(n));
        carried.putAll(decision.moves());
      }
      written = Optional.of(decision.state());
      now = now.plusSeconds(30);
    }
    throw new AssertionError("not complete: " + written);
  }

  private RolloutInput input(
      PolicyRollout rollout, List<Node> nodes, Optional<RolloutState> written) {
    return new RolloutInput(
        rollout.spec(),
        false,
        RolloutRequest.NONE,
        new Revisions(rollout.stable(), 1, rollout.target()),
        true,
        2,
        written,
        nodes.stream().map(n -> node(rollout, n)).toList(),
        now);
  }

  private RolloutNode node(PolicyRollout rollout, Node node) {
    String name = node.view().name();
    return new RolloutNode(
        name,
        node.view().labels().getOrDefault(ZONE, ""),
        rollout.stable(),
        carried.get(name),
        Optional.empty(),
        true,
        true,
        node.unwell(),
        PolicyFixture.CREATED,
        NodeHealth.HEALTHY);
  }
}
