// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import io.nodeqos.preview.PreviewFixture;
import io.nodeqos.reconcile.rollout.StepForecast.Step;
import io.nodeqos.text.TextFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Plans of policies whose changes reach their nodes step by step. */
class RolloutPlanTest {
  private static final String ROLLOUT =
      ", 'rollout': {'steps': [{'nodes': 1, 'pause': {}}, {'nodes': '50%', 'pause': {'duration':"
          + " '1h'}}], 'health': {'for': '5m'}}}";
  private static final String STABLE = quota("80%") + ROLLOUT;
  private static final String TARGET = quota("70%") + ROLLOUT;

  private final PreviewFixture cluster = new PreviewFixture();

  private static String quota(String high) {
    return "{'quota': {'classes': [{'name': 'batch', 'memory': {'high': '" + high + "'}}]}";
  }

  private static NodeFixture in(String zone, String name) {
    return node(name).label("topology.kubernetes.io/zone", zone).condition("Ready", "True");
  }

  private PreviewFixture nodes() {
    return cluster
        .node(in("a", "a1"))
        .node(in("a", "a2"))
        .node(in("a", "a3"))
        .node(in("b", "b1"))
        .node(in("b", "b2"))
        .node(in("c", "c1"));
  }

  private static PolicyRevision stored(long generation, String spec) {
    return PolicyFixture.revision("base", generation, spec);
  }

  private static String hash(String spec) {
    return stored(1, spec).revision();
  }

  /** A policy whose stable version is stored, as generation 1. */
  private PreviewFixture stable() {
    return nodes()
        .revision(stored(1, STABLE))
        .policy(of(1, STABLE, RolloutJson.stable(hash(STABLE), 1)))
        .converged();
  }

  /** The same in the middle of a rollout: two nodes have the target. */
  private PreviewFixture underWay() {
    return nodes()
        .revision(stored(1, STABLE))
        .revision(stored(2, TARGET))
        .policy(of(2, TARGET, record(RolloutPhase.PROGRESSING)))
        .moved("base", "a1", hash(TARGET))
        .moved("base", "b1", hash(TARGET))
        .converged();
  }

  private static JsonObject record(RolloutPhase phase) {
    return RolloutJson.json(
        new RolloutState(
            phase,
            new Revisions(hash(STABLE), 1, hash(TARGET)),
            new Progress(2, 3, 1, PolicyFixture.CREATED, PolicyFixture.CREATED, Optional.empty()),
            RolloutState.Counts.NONE,
            List.of(),
            "",
            "",
            ""));
  }

  private static PolicyObject of(long generation, String spec, JsonObject rollout) {
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", generation);
    status.add(RolloutJson.FIELD, rollout);
    return PolicyFixture.withStatus(
        PolicyFixture.policy("base", generation, PolicyFixture.CREATED, spec), status);
  }

  private static List<String> changed(PolicyPlan plan) {
    return plan.groups().stream().flatMap(g -> g.nodes().stream()).sorted().toList();
  }

  private static List<List<String>> steps(PolicyPlan plan) {
    return plan.rollouts().get(0).forecast().steps().stream().map(Step::given).toList();
  }

  @Test
  void editIsPlannedForItsTargetAndShowsTheSteps() {
    PolicyPlan plan = stable().plan("base", TARGET);

    assertEquals(List.of("a1", "a2", "a3", "b1", "b2", "c1"), changed(plan));
    assertTrue(
        plan.groups().stream()
            .flatMap(g -> g.changes().stream())
            .noneMatch(change -> change.key().startsWith("revisions")));
    assertEquals(
        """
        rollout of policy base: 6 nodes in 3 steps, at least 1h15m and 1 promotion
          STEP   NODES    ZONES      FIRST NODES   THEN
          1      1        a 1        a1            healthy for 5m, then until it is promoted
          2      3 (+2)   b 1, c 1   b1 c1         healthy for 5m, pause of 1h
          3      6 (+3)   a 2, b 1   a2 b2 a3      healthy for 5m, then complete
        """,
        text(plan, false));
    assertEquals(
        """
        rollout of policy base: 6 nodes in 3 steps, at least 1h15m and 1 promotion
          STEP   NODES    ZONES         THEN
          1      1        a 1           healthy for 5m, then until it is promoted
          2      3 (+2)   b 1, c 1      healthy for 5m, pause of 1h
          3      6 (+3)   a 2, b 1      healthy for 5m, then complete
          step 1
            a1
          step 2
            b1 c1
          step 3
            a2 b2 a3
        """,
        text(plan, true));
  }

  private static String text(PolicyPlan plan, boolean allNodes) {
    return new PlanText(TextFormat.plain(), allNodes)
        .lines(plan).stream()
            .dropWhile(line -> !line.startsWith("rollout of policy"))
            .takeWhile(line -> !line.isEmpty())
            .map(line -> line.stripTrailing() + "\n")
            .reduce("", String::concat);
  }

  @Test
  void programsGetTheSameSteps() {
    JsonObject rollout =
        PlanJson.of(stable().plan("base", TARGET))
            .getAsJsonArray("rollouts")
            .get(0)
            .getAsJsonObject();

    assertEquals(
        PolicyFixture.json(
            "{'policy': 'base', 'stable': '"
                + hash(STABLE)
                + "', 'target': '"
                + rollout.get("target").getAsString()
                + "', 'nodes': 6, 'updated': 0, 'frozen': 0, 'paused': false, 'maxConcurrent': 10,"
                + " 'spreadBy': 'topology.kubernetes.io/zone', 'leastSeconds': 4500,"
                + " 'promotions': 1, 'steps': ["
                + "{'step': 1, 'wanted': 1, 'count': 1, 'nodes': ['a1'], 'zones': {'a': 1},"
                + " 'soakSeconds': 300, 'awaitsPromotion': true},"
                + "{'step': 2, 'wanted': 3, 'count': 2, 'nodes': ['b1', 'c1'], 'zones': {'b': 1,"
                + " 'c': 1}, 'soakSeconds': 300, 'pauseSeconds': 3600, 'awaitsPromotion': false},"
                + "{'step': 3, 'wanted': 6, 'count': 3, 'nodes': ['a2', 'b2', 'a3'], 'zones': {'a':"
                + " 2, 'b': 1}, 'soakSeconds': 300, 'awaitsPromotion': false}]}"),
        rollout);
  }

  @Test
  void rolloutOfAnotherPolicyIsNoChangeOfThisEdit() {
    PolicyPlan plan = underWay().plan("other", "{'reservation': {'cpu': '100m'}}");

    assertEquals(
        Optional.empty(),
        plan.groups().stream()
            .flatMap(g -> g.changes().stream())
            .filter(change -> change.key().startsWith("quota"))
            .findFirst());
    assertEquals(List.of("a1", "a2", "a3", "b1", "b2", "c1"), changed(plan));
    assertEquals(0, plan.pending());
    assertEquals(List.of(), plan.rollouts());
  }

  @Test
  void editOfTheStrategyAloneChangesNoNode() {
    PolicyPlan plan =
        underWay().plan("base", TARGET.replace("'rollout': {", "'rollout': {'paused': true, "));

    assertEquals(List.of(), changed(plan));
    assertEquals(List.of(), plan.rollouts());
  }

  @Test
  void withoutTheRolloutTheNodesThatAreLeftChangeAtOnce() {
    PolicyPlan plan = underWay().plan("base", quota("70%") + "}");

    assertEquals(List.of("a2", "a3", "b2", "c1"), changed(plan));
    assertEquals(List.of(), plan.rollouts());
  }

  @Test
  void editInTheMiddleComesToTheNodesOfTheFirstOneFirst() {
    PolicyPlan plan = underWay().plan("base", quota("60%") + ROLLOUT);

    assertEquals(List.of("a1", "a2", "a3", "b1", "b2", "c1"), changed(plan));
    assertEquals(
        List.of(List.of("a1"), List.of("b1", "c1"), List.of("a2", "b2", "a3")), steps(plan));
  }

  @Test
  void wayBackIsNoRollout() {
    PolicyPlan plan = underWay().plan("base", STABLE);

    assertEquals(List.of("a1", "b1"), changed(plan));
    assertEquals(List.of(), plan.rollouts());
  }

  @Test
  void newPolicyHasSteps() {
    PolicyPlan plan = nodes().plan("base", TARGET);

    assertEquals(6, plan.changed());
    assertEquals(
        List.of(List.of("a1"), List.of("b1", "c1"), List.of("a2", "b2", "a3")), steps(plan));
    assertEquals("", plan.rollouts().get(0).rollout().stable());
  }

  @Test
  void nodesThatAWiderSelectorBringsInGoThroughTheSteps() {
    String narrow = STABLE.replaceFirst("\\{", "{'nodeSelector': {'matchLabels': {'pool': 'x'}}, ");
    PolicyPlan plan =
        nodes()
            .node(in("a", "x1").label("pool", "x"))
            .revision(stored(1, narrow))
            .policy(of(1, narrow, RolloutJson.stable(hash(narrow), 1)))
            .converged()
            .plan("base", STABLE);

    assertEquals(List.of("a1", "a2", "a3", "b1", "b2", "c1"), changed(plan));
    assertEquals(
        List.of(List.of("a1"), List.of("b1", "c1"), List.of("a2", "b2", "a3")), steps(plan));
  }

  @Test
  void unwellNodesComeLast() {
    PolicyPlan plan =
        stable()
            .node(in("d", "d1").condition("Ready", "False"))
            .node(in("d", "d2").taint("node.kubernetes.io/unschedulable"))
            .converged()
            .plan("base", TARGET);

    assertEquals(
        List.of("d1", "d2"),
        Stream.of(steps(plan).get(2)).flatMap(s -> s.stream().skip(s.size() - 2)).toList());
  }

  @Test
  void heldRolloutSaysSo() {
    PolicyPlan paused =
        stable().plan("base", TARGET.replace("'rollout': {", "'rollout': {'paused': true, "));
    PolicyPlan suspended =
        new PreviewFixture()
            .node(in("a", "a1"))
            .plan("base", TARGET.replaceFirst("\\{", "{'suspend': true, "));

    assertTrue(text(paused, false).contains("no step begins while spec.rollout.paused is true"));
    assertTrue(text(suspended, false).contains("no step begins while spec.suspend is true"));
    assertEquals(List.of("a1"), steps(suspended).get(0));
  }
}
