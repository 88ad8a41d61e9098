// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.ExplanationJson;
import io.nodeqos.explain.answer.ExplanationText;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import io.nodeqos.text.TextFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeInRolloutTest extends ExplainedCluster {
  private static final String OLD = "{'reservation': {'cpu': '1'}, 'rollout': {}}";
  private static final String NEW =
      "{'reservation': {'cpu': '2'}, 'warmUp': {'nodeReady': {}}, 'rollout': {}}";
  private static final String STABLE = hash(OLD);
  private static final String TARGET = hash(NEW);
  private static final String SEE = "See: kubectl nodeqos rollout status base";

  private static String hash(String spec) {
    return PolicyFixture.revision("base", 1, spec).revision();
  }

  private void policy(String stable, RolloutPhase phase, String reason) {
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", 2);
    status.add(
        RolloutJson.FIELD,
        RolloutJson.json(
            new RolloutState(
                phase,
                new Revisions(stable, stable.isEmpty() ? 0 : 1, TARGET),
                new Progress(
                    1, 3, 0, PolicyFixture.CREATED, PolicyFixture.CREATED, Optional.empty()),
                RolloutState.Counts.NONE,
                List.of(),
                reason,
                "1 of 4 nodes failed.",
                "")));
    policies.add(
        PolicyFixture.withStatus(
            PolicyFixture.policy("base", 2, PolicyFixture.CREATED, NEW), status));
    nodes.add(node("a").build());
    nodes.add(
        node("b").annotation(Keys.CONFIG, "{\"revisions\":{\"base\":\"" + TARGET + "\"}}").build());
  }

  private void stored() {
    revisions.add(PolicyFixture.revision("base", 1, OLD));
    revisions.add(PolicyFixture.revision("base", 2, NEW));
  }

  private List<String> sentences(String node) {
    return explain(node).configuration().rollouts();
  }

  @Test
  void nodeWhoseStepHasNotComeSaysSo() {
    policy(STABLE, RolloutPhase.PAUSED, "AwaitsPromotion");
    stored();

    String sentence =
        "The node follows revision "
            + STABLE
            + " of policy base, because its step to revision "
            + TARGET
            + " has not come (step 1 of 3 is Paused, AwaitsPromotion). "
            + SEE;
    assertEquals(List.of(sentence), sentences("a"));
    assertTrue(
        new ExplanationText(TextFormat.plain()).lines(explain("a")).contains("  " + sentence));
    assertEquals(
        sentence,
        ExplanationJson.of(explain("a"))
            .getAsJsonObject("config")
            .getAsJsonArray("rollouts")
            .get(0)
            .getAsString());
  }

  @Test
  void nodeThatOnlyTheTargetWarmsUpAwaitsItsStep() {
    policy(STABLE, RolloutPhase.SOAKING, "Soaking");
    stored();

    Explanation e = explain("a");

    assertEquals("AwaitsRollout", e.diagnosis().reason());
    assertEquals(
        "no policy warms it up yet: it follows revision "
            + STABLE
            + " of policy base, because its step to revision "
            + TARGET
            + " has not come (step 1 of 3 is Soaking)",
        e.diagnosis().why());
    assertSecondLine("Next: see the rollout: kubectl nodeqos rollout status base", e);
  }

  @Test
  void nodeHasNothingOfANewPolicyBeforeItsStep() {
    policy("", RolloutPhase.PROGRESSING, "Updating");

    Explanation e = explain("a");

    assertEquals("AwaitsRollout", e.diagnosis().reason());
    assertTrue(e.diagnosis().why().contains("it has nothing of policy base, because its step"));
  }

  @Test
  void nodeWithTheTargetSaysSo() {
    policy(STABLE, RolloutPhase.SOAKING, "Soaking");
    stored();

    assertEquals(
        List.of(
            "The node has the target revision "
                + TARGET
                + " of policy base, of which step 1 of 3 is Soaking. "
                + SEE),
        sentences("b"));
    assertEquals("NotMarked", explain("b").diagnosis().reason());
  }

  @Test
  void nodeThatWasRolledBackSaysSo() {
    policy(STABLE, RolloutPhase.ROLLED_BACK, "RolledBack");
    stored();

    assertEquals(
        List.of(
            "The node follows revision "
                + STABLE
                + " of policy base, as revision "
                + TARGET
                + " was rolled back. "
                + SEE),
        sentences("a"));
  }

  @Test
  void nodeWhoseStoredVersionIsMissingIsNotCalledSuspended() {
    policy(STABLE, RolloutPhase.PAUSED, "StableUnknown");

    assertEquals("RevisionUnknown", explain("a").diagnosis().reason());
  }

  @Test
  void policyTellsTheStateOfItsRollout() {
    policy(STABLE, RolloutPhase.ROLLED_BACK, "RolledBack");
    PolicyCatalog.Entry entry = PolicyFixture.catalog(policies.get(0)).entry("base").orElseThrow();
    String sentence = "Rollout is RolledBack: 1 of 4 nodes failed. " + SEE;

    assertTrue(PolicyState.of(entry).contains(sentence), () -> PolicyState.of(entry).toString());
    assertEquals(List.of("Policy base: " + sentence), PolicyState.ofAll(List.of(entry)));
  }
}
