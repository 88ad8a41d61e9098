// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.revision;
import static io.nodeqos.fixture.PolicyFixture.withStatus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which revision counts as the stable one, and which one a node follows. */
class RolloutVersionsTest {
  private static final String ONE = "{'reservation': {'cpu': '1'}}";
  private static final String TWO = "{'reservation': {'cpu': '2'}, 'rollout': {}}";
  private static final String THREE = "{'reservation': {'cpu': '3'}, 'rollout': {}}";
  private static final String A = hash(ONE);
  private static final String B = hash(TWO);
  private static final String C = hash(THREE);

  private final PolicyCatalog catalog = PolicyFixture.catalog();

  @Test
  void newPolicyHasNoStableRevision() {
    assertEquals(new Revisions("", 0, B), seen(1, TWO, new JsonObject()));
    assertEquals("", followed(NodeFixture.node("n").build()));
  }

  @Test
  void recordedStableRevisionCountsAndTheTargetIsThatOfTheSpec() {
    stored(1, ONE);
    assertEquals(new Revisions(A, 1, B), seen(2, TWO, status(A, 1)));
    assertEquals(A, followed(NodeFixture.node("n").build()));
    assertEquals(B, followed(carrying(B)));
  }

  @Test
  void statusOfAnOlderControllerMeansThatTheVersionBeforeWasCompleted() {
    stored(1, ONE);
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", 1);
    assertEquals(new Revisions(A, 1, B), seen(2, TWO, status));
  }

  @Test
  void versionThatAnOlderControllerHasObservedIsTheStableOne() {
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", 2);
    assertEquals(new Revisions(B, 2, B), seen(2, TWO, status));
    assertEquals(Optional.empty(), catalog.snapshot().rollout("p"));
  }

  @Test
  void wipedStatusFallsBackToTheStoredVersionBefore() {
    stored(1, ONE);
    stored(2, TWO);
    assertEquals(new Revisions(B, 2, C), seen(3, THREE, new JsonObject()));
  }

  @Test
  void wipedStatusFallsBackToTheNewestVersionThatSaysThatItWasCompleted() {
    stored(1, ONE, Completion.COMPLETED);
    stored(2, TWO, Completion.PENDING);
    assertEquals(new Revisions(A, 1, C), seen(3, THREE, new JsonObject()));
  }

  @Test
  void presentVersionThatSaysThatItWasCompletedIsTheStableOne() {
    stored(1, ONE, Completion.COMPLETED);
    stored(2, TWO, Completion.COMPLETED);
    assertEquals(new Revisions(B, 2, B), seen(2, TWO, new JsonObject()));
    assertEquals(Optional.empty(), catalog.snapshot().rollout("p"));
  }

  @Test
  void versionOfAnOlderControllerCountsOnlyWhereNoneSaysThatItWasCompleted() {
    stored(1, ONE, Completion.COMPLETED);
    stored(2, TWO);
    assertEquals(new Revisions(A, 1, C), seen(3, THREE, new JsonObject()));
  }

  @Test
  void newPolicyWhoseRolloutWasNeverCompletedHasNoStableRevision() {
    stored(1, TWO, Completion.PENDING);
    assertEquals(new Revisions("", 0, C), seen(2, THREE, new JsonObject()));
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", 2);
    assertEquals(new Revisions("", 0, C), seen(3, THREE, status));
  }

  @Test
  void recordInTheStatusCountsBeforeThoseOfTheVersions() {
    stored(1, ONE, Completion.COMPLETED);
    stored(2, TWO, Completion.COMPLETED);
    assertEquals(new Revisions(A, 1, C), seen(3, THREE, status(A, 1)));
  }

  @Test
  void storedVersionThatWasNotObservedWasNotCompleted() {
    stored(1, ONE);
    stored(2, TWO);
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", 1);
    assertEquals(new Revisions(A, 1, C), seen(3, THREE, status));
  }

  @Test
  void spoiltObservedGenerationCountsAsAbsent() {
    stored(1, ONE);
    JsonObject status = new JsonObject();
    status.add("observedGeneration", new JsonObject());
    assertEquals(new Revisions(A, 1, B), seen(2, TWO, status));
  }

  @Test
  void withoutARolloutAllNodesFollowTheVersionInForce() {
    stored(1, ONE);
    catalog.apply(
        withStatus(policy("p", 2, CREATED, "{'reservation': {'cpu': '2'}}"), status(A, 1)));
    assertEquals(Optional.empty(), catalog.snapshot().rollout("p"));
    assertEquals(B, followed(NodeFixture.node("n").build()));
    assertEquals(B, followed(carrying(A)));
  }

  @Test
  void nodesThatFollowAMissingStableRevisionAreFrozenAndNotMoved() {
    seen(2, TWO, status(A, 1));
    PolicyRollout rollout = catalog.snapshot().rollout("p").get();
    assertFalse(rollout.isStableKnown());
    NodeView node = NodeFixture.node("n").build();
    assertEquals(A, followed(node));
    assertTrue(catalog.snapshot().compile(node).suspendedBy().isPresent());

    catalog.apply(revision("p", 1, ONE));
    assertTrue(catalog.snapshot().rollout("p").get().isStableKnown());
    assertFalse(catalog.snapshot().compile(node).suspendedBy().isPresent());
  }

  /** So that an event of one policy among many decodes no versions of the others. */
  @Test
  void versionsAreReadAgainOnlyWhenTheirPolicyOrOneOfThemHasChanged() {
    stored(1, ONE);
    seen(2, TWO, status(A, 1));
    PolicyVersions before = versions();
    catalog.apply(policy("other", THREE));
    assertSame(before, versions());
    catalog.remove(revision("p", 1, ONE));
    assertSame(before, versions(), "the absence is no reason to act");
    catalog.apply(policy("other", 2, CREATED, TWO));
    assertFalse(catalog.snapshot().rollout("p").orElseThrow().isStableKnown());
    stored(1, ONE);
    assertEquals(before, versions());
    seen(3, THREE, status(A, 1));
    assertEquals(C, versions().target().revision());
  }

  private PolicyVersions versions() {
    return catalog.snapshot().rollout("p").orElseThrow().versions();
  }

  @Test
  void revisionThatNobodyKnowsCountsAsTheStableOne() {
    stored(1, ONE);
    seen(2, TWO, status(A, 1));
    assertEquals(A, followed(carrying("0123456789")));
  }

  @Test
  void nodesThatAWiderSelectorBringsInHaveNoRevisionYet() {
    String narrow = "{'nodeSelector': {'matchLabels': {'pool': 'x'}}, 'reservation': {'cpu': '1'}}";
    stored(1, narrow);
    seen(2, "{'reservation': {'cpu': '1'}, 'rollout': {}}", status(hash(narrow), 1));
    assertTrue(catalog.snapshot().rollout("p").isPresent(), "it is a rollout of the same revision");
    assertEquals("", followed(NodeFixture.node("n").label("pool", "y").build()));
    assertEquals(A, followed(NodeFixture.node("n").label("pool", "x").build()));
  }

  @Test
  void recordOfAnotherPolicyUnderTheNameDoesNotCount() {
    PolicyRevision stranger = revision("p", 1, ONE);
    catalog.apply(
        new PolicyRevision(
            stranger.name(),
            stranger.uid(),
            "p",
            "another",
            1,
            stranger.spec(),
            stranger.createdAt(),
            Completion.UNKNOWN));
    assertEquals(new Revisions("", 0, B), seen(2, TWO, new JsonObject()));
  }

  private void stored(long generation, String spec, Completion completion) {
    catalog.apply(PolicyFixture.stored("p", generation, spec, completion));
  }

  private void stored(long generation, String spec) {
    catalog.apply(revision("p", generation, spec));
  }

  private Revisions seen(long generation, String spec, JsonObject status) {
    catalog.apply(withStatus(policy("p", generation, CREATED, spec), status));
    return catalog.rollout("p").get();
  }

  private String followed(NodeView node) {
    return catalog.snapshot().revision("p", node);
  }

  private static NodeView carrying(String revision) {
    return NodeFixture.node("n")
        .annotation(Keys.CONFIG, "{\"revisions\":{\"p\":\"" + revision + "\"}}")
        .build();
  }

  private static JsonObject status(String stable, long generation) {
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", generation);
    status.add(RolloutJson.FIELD, RolloutJson.stable(stable, generation));
    return status;
  }

  private static String hash(String spec) {
    return revision("p", 1, spec).revision();
  }
}
