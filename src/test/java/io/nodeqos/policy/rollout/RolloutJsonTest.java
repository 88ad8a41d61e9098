// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RolloutJsonTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private static final RolloutState STATE =
      new RolloutState(
          RolloutPhase.SOAKING,
          new Revisions("aaaaaaaaaa", 3, "bbbbbbbbbb"),
          new Progress(2, 4, 1, START, START.plusSeconds(60), Optional.of(START.plusSeconds(90))),
          new Counts(12, 6, 5, 4, 1, 2),
          List.of(new Failure("n1", START.plusSeconds(80), "PodNotReady", "pod x is not Ready")),
          "Soaking",
          "Step 2 of 4: …",
          "retry=bbbbbbbbbb");

  @Test
  void everyFieldSurvives() {
    assertEquals(Optional.of(STATE), read(RolloutJson.json(STATE)));
  }

  @ParameterizedTest
  @EnumSource(RolloutPhase.class)
  void everyPhaseSurvives(RolloutPhase phase) {
    assertEquals(phase, read(RolloutJson.json(STATE.in(phase, "", ""))).get().phase());
  }

  @Test
  void patchRemovesTheTimeThatIsNoLongerThere() {
    assertFalse(RolloutJson.patch(STATE).get("healthySince").isJsonNull());
    Progress p = STATE.progress();
    RolloutState later =
        STATE.with(
            new Progress(
                p.step(), p.steps(), p.promoted(), p.startedAt(), p.stepSince(), Optional.empty()));
    assertTrue(RolloutJson.patch(later).get("healthySince").isJsonNull());
    assertEquals(Optional.of(later), read(RolloutJson.json(later)));
  }

  @Test
  void withoutAStableRevisionThereIsNoRecord() {
    assertEquals(Optional.empty(), RolloutJson.in(new JsonObject()));
    assertEquals(Optional.empty(), read(new JsonObject()));
    JsonObject json = RolloutJson.json(STATE);
    json.remove("stable");
    assertEquals(Optional.empty(), read(json));
    json.add("stable", new JsonArray());
    assertEquals(Optional.empty(), read(json));
    json.addProperty("stable", "garbage");
    assertEquals(Optional.empty(), read(json));
    JsonObject status = new JsonObject();
    status.addProperty("rollout", "spoilt");
    assertEquals(Optional.empty(), RolloutJson.in(status));
  }

  /** With a negative number of accepted failures, a rollout without any failure was stopped. */
  @Test
  void numberThatIsNoCountIsNotOurs() {
    JsonObject json = RolloutJson.json(STATE);
    json.addProperty("acceptedFailures", -1);
    json.addProperty("promoted", Long.MAX_VALUE);
    Progress read = read(json).get().progress();
    assertEquals(0, read.accepted());
    assertTrue(read.promoted() > 0);
    assertTrue(read.promoted() + 5_000 > 0);
  }

  @Test
  void timesOfTheFutureAreNotOurs() {
    assertEquals(STATE, STATE.asOf(START.plusSeconds(45)), "clocks differ");
    Instant now = START.minusSeconds(3600);
    Progress p = STATE.asOf(now).progress();
    assertEquals(now, p.startedAt());
    assertEquals(now, p.stepSince());
    assertEquals(Optional.empty(), p.healthySince());
    assertEquals(2, p.step());
  }

  @Test
  void recordOfAPolicyWithoutARolloutIsComplete() {
    RolloutState state = read(RolloutJson.stable("aaaaaaaaaa", 3)).get();
    assertEquals(RolloutPhase.COMPLETE, state.phase());
    assertEquals(new Revisions("aaaaaaaaaa", 3, ""), state.revisions());
    assertEquals(Progress.NONE, state.progress());
  }

  /** Each field in turn is spoilt in every way: the others are read, and nothing throws. */
  @Test
  void spoiltFieldCountsAsAbsent() {
    JsonObject object = new JsonObject();
    object.addProperty("x", 1);
    List<JsonElement> spoilt =
        List.of(
            JsonNull.INSTANCE,
            new JsonPrimitive("spoilt"),
            new JsonPrimitive(true),
            new JsonPrimitive(-1.5),
            new JsonArray(),
            object);
    for (String field : RolloutJson.json(STATE).keySet()) {
      for (JsonElement value : spoilt) {
        JsonObject json = RolloutJson.json(STATE);
        json.add(field, value);
        Optional<RolloutState> read = read(json);
        if (!field.equals("stable")) {
          assertEquals("aaaaaaaaaa", read.get().revisions().stable(), field + " " + value);
        }
        if (!field.equals("counts") && !field.equals("message")) {
          assertTrue(read.isEmpty() || read.get().message().equals(STATE.message()), field);
        }
      }
    }
  }

  @Test
  void spoiltFailuresAreLeftOut() {
    JsonObject json = RolloutJson.json(STATE);
    JsonArray failed = json.getAsJsonArray("failedNodes");
    failed.add("spoilt");
    failed.add(new JsonObject());
    List<Failure> read = read(json).get().failed();
    assertEquals(STATE.failed().get(0), read.get(0));
    assertEquals(2, read.size());
  }

  private static Optional<RolloutState> read(JsonObject rollout) {
    JsonObject status = new JsonObject();
    status.add(RolloutJson.FIELD, rollout);
    return RolloutJson.in(status);
  }
}
