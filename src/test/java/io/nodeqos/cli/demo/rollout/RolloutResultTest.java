// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RolloutResultTest {
  private static final String STABLE = "aaaaaaaaaa";
  private static final String TARGET = "bbbbbbbbbb";

  private final RevisionRecord record = new RevisionRecord("base");

  @BeforeEach
  void twoNodesJoin() {
    // The policy had no rollout yet when the first one joined.
    record.listed(List.of(node("general-00000", "")));
    record.changed("ADDED", node("general-00001", STABLE));
    record.begin();
  }

  @Test
  void changeOnAllNodesIsComplete() {
    carries("general-00000", STABLE);
    carries("general-00000", TARGET);
    carries("general-00000", TARGET);
    carries("general-00001", TARGET);

    RolloutResult result = result(RolloutPhase.COMPLETE);

    assertTrue(result.isComplete(), result.toString());
    assertFalse(result.isTakenBack(), result.toString());
    assertEquals(2, result.updatedAtMost());
    assertEquals(0, result.rolledBack());
    JsonObject json = result.toJson();
    assertEquals("Complete", json.get("phase").getAsString());
    assertEquals(2, json.get("updatedAtMost").getAsInt());
    assertEquals(2, json.get("updatedAtEnd").getAsInt());
    assertEquals(0, json.get("rolledBack").getAsInt());
    assertEquals(0, json.get("flaps").getAsInt());
    assertEquals(2, record.carrying(TARGET));
  }

  @Test
  void changeThatWentBackIsTakenBack() {
    carries("general-00001", TARGET);
    carries("general-00001", STABLE);

    RolloutResult result = result(RolloutPhase.ROLLED_BACK);

    assertTrue(result.isTakenBack(), result.toString());
    assertFalse(result.isComplete(), result.toString());
    assertEquals(1, result.updatedAtMost());
    assertEquals(0, result.updatedAtEnd());
    assertEquals(1, result.rolledBack());
    assertEquals(0, result.flaps());
  }

  @Test
  void moreNodesThanTheStepAllowsAreSeenAlthoughTheyWentBack() {
    carries("general-00000", TARGET);
    carries("general-00001", TARGET);
    carries("general-00001", "");
    carries("general-00000", "");

    RolloutResult result = result(RolloutPhase.ROLLED_BACK);

    assertEquals(2, result.updatedAtMost());
    assertFalse(result.isTakenBack(), "the step allowed one node: " + result);
  }

  @Test
  void nodeThatGetsTheChangeTwiceFlaps() {
    carries("general-00000", TARGET);
    carries("general-00000", STABLE);
    carries("general-00000", TARGET);
    carries("general-00001", TARGET);

    RolloutResult complete = result(RolloutPhase.COMPLETE);
    assertEquals(1, complete.flaps());
    assertFalse(complete.isComplete(), complete.toString());
    assertEquals(1, result(RolloutPhase.ROLLED_BACK).flaps());
  }

  @Test
  void nodeWithoutTheChangeIsMissing() {
    carries("general-00000", TARGET);
    assertFalse(result(RolloutPhase.COMPLETE).isComplete());
  }

  @Test
  void secondListOfTheWatchMayMissWrites() {
    assertFalse(record.isInterrupted());
    record.listed(List.of());
    assertTrue(record.isInterrupted());
  }

  @Test
  void summaryHasBothChangesAndAlignedRows() {
    carries("general-00000", TARGET);
    carries("general-00001", TARGET);
    RolloutResult good = result(RolloutPhase.COMPLETE);
    RolloutSummary summary = new RolloutSummary(good, good);
    assertFalse(summary.asExpected(), "the bad change must not be complete");
    JsonObject rollout =
        JsonParser.parseString(summary.toJson()).getAsJsonObject().getAsJsonObject("rollout");
    assertEquals(good.toJson(), rollout.getAsJsonObject("good"));
    assertEquals(good.toJson(), rollout.getAsJsonObject("bad"));
    List<String> rows = summary.lines().subList(0, 3);
    assertEquals(1, rows.stream().mapToInt(String::length).distinct().count(), rows.toString());
  }

  private RolloutResult result(RolloutPhase phase) {
    RolloutState state = RolloutState.complete(TARGET, 2);
    return RolloutResult.of(
        state
            .with(
                new RolloutState.Progress(1, 2, 0, Instant.EPOCH, Instant.EPOCH, Optional.empty()))
            .with(new RolloutState.Counts(2, 1, 0, 0, 0, 0), List.of())
            .in(phase, "", ""),
        STABLE,
        TARGET,
        record.history(),
        new RolloutResult.Writes(2, 0),
        Duration.ofSeconds(3));
  }

  private void carries(String node, String revision) {
    record.changed("MODIFIED", node(node, revision));
  }

  private static JsonObject node(String name, String revision) {
    String config =
        revision.isEmpty()
            ? "{\"version\": \"0123456789\"}"
            : "{\"version\": \"0123456789\", \"revisions\": {\"base\": \"" + revision + "\"}}";
    JsonObject annotations = new JsonObject();
    annotations.addProperty("nodeqos.io/config", config);
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", name);
    metadata.add("annotations", annotations);
    JsonObject node = new JsonObject();
    node.add("metadata", metadata);
    return node;
  }
}
