// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.rollout;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code status.rollout}: reads and writes a {@link RolloutState}. */
public final class RolloutJson {
  public static final String FIELD = "rollout";

  /** Empty for a policy that is new. */
  private static final Pattern REVISION = Pattern.compile("([0-9a-f]{10})?");

  private static final int MAX_COUNT = 1_000_000;
  private static final String HEALTHY_SINCE = "healthySince";

  private RolloutJson() {}

  /**
   * The record in a status; empty when there is none. A field that another writer has spoilt counts
   * as absent; without a stable revision, there is no record.
   */
  public static Optional<RolloutState> in(JsonObject status) {
    if (!(status.get(FIELD) instanceof JsonObject json)
        || !(json.get("stable") instanceof JsonPrimitive stable)
        || !REVISION.matcher(stable.getAsString()).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new RolloutState(
            phase(text(json, "phase")),
            new Revisions(
                text(json, "stable"), number(json, "stableGeneration"), text(json, "target")),
            new Progress(
                count(json, "step"),
                count(json, "steps"),
                count(json, "promoted"),
                count(json, "acceptedFailures"),
                time(json, "startedAt").orElse(Instant.EPOCH),
                time(json, "stepSince").orElse(Instant.EPOCH),
                time(json, HEALTHY_SINCE)),
            counts(json),
            failures(json),
            text(json, "reason"),
            text(json, "message"),
            text(json, "handled")));
  }

  /** The record of a policy without a rollout: only the revision that its nodes follow. */
  public static JsonObject stable(String revision, long generation) {
    JsonObject json = new JsonObject();
    json.addProperty("stable", revision);
    json.addProperty("stableGeneration", generation);
    return json;
  }

  /** The value of the field for a merge patch, which must name what is to go. */
  public static JsonObject patch(RolloutState state) {
    JsonObject json = json(state);
    if (!json.has(HEALTHY_SINCE)) {
      json.add(HEALTHY_SINCE, JsonNull.INSTANCE);
    }
    return json;
  }

  /** The value of the field. */
  public static JsonObject json(RolloutState state) {
    JsonObject json = stable(state.revisions().stable(), state.revisions().stableGeneration());
    json.addProperty("phase", state.phase().text());
    json.addProperty("target", state.revisions().target());
    Progress progress = state.progress();
    json.addProperty("step", progress.step());
    json.addProperty("steps", progress.steps());
    json.addProperty("promoted", progress.promoted());
    json.addProperty("acceptedFailures", progress.accepted());
    json.addProperty("startedAt", progress.startedAt().toString());
    json.addProperty("stepSince", progress.stepSince().toString());
    progress.healthySince().ifPresent(at -> json.addProperty(HEALTHY_SINCE, at.toString()));
    Counts counts = state.counts();
    json.addProperty("nodes", counts.nodes());
    json.addProperty("wanted", counts.wanted());
    json.addProperty("updated", counts.updated());
    json.addProperty("healthy", counts.healthy());
    json.addProperty("failed", counts.failed());
    json.addProperty("controlFailed", counts.controlFailed());
    JsonArray failed = new JsonArray();
    state.failed().forEach(failure -> failed.add(json(failure)));
    json.add("failedNodes", failed);
    json.addProperty("reason", state.reason());
    json.addProperty("message", state.message());
    json.addProperty("handled", state.handled());
    return json;
  }

  private static JsonObject json(Failure failure) {
    JsonObject json = new JsonObject();
    json.addProperty("node", failure.node());
    json.addProperty("at", failure.at().toString());
    json.addProperty("reason", failure.reason());
    json.addProperty("message", failure.message());
    return json;
  }

  /** Whether the record in a status names its phase: without one it counts as complete. */
  public static boolean namesPhase(JsonObject status) {
    return status.get(FIELD) instanceof JsonObject json && !text(json, "phase").isEmpty();
  }

  private static RolloutPhase phase(String text) {
    for (RolloutPhase phase : RolloutPhase.values()) {
      if (phase.text().equals(text)) {
        return phase;
      }
    }
    return RolloutPhase.COMPLETE;
  }

  private static Counts counts(JsonObject json) {
    return new Counts(
        count(json, "nodes"),
        count(json, "wanted"),
        count(json, "updated"),
        count(json, "healthy"),
        count(json, "failed"),
        count(json, "controlFailed"));
  }

  private static List<Failure> failures(JsonObject json) {
    List<Failure> failures = new ArrayList<>();
    if (json.get("failedNodes") instanceof JsonArray all) {
      for (JsonElement element : all) {
        if (element instanceof JsonObject one) {
          failures.add(
              new Failure(
                  text(one, "node"),
                  time(one, "at").orElse(Instant.EPOCH),
                  text(one, "reason"),
                  text(one, "message")));
        }
      }
    }
    return failures;
  }

  private static String text(JsonObject json, String field) {
    return json.get(field) instanceof JsonPrimitive value ? value.getAsString() : "";
  }

  private static long number(JsonObject json, String field) {
    try {
      return json.get(field) instanceof JsonPrimitive value ? value.getAsLong() : 0;
    } catch (NumberFormatException notOurs) {
      return 0;
    }
  }

  /** Of nodes or of steps: another number is not ours. */
  private static int count(JsonObject json, String field) {
    return (int) Math.max(0, Math.min(number(json, field), MAX_COUNT));
  }

  private static Optional<Instant> time(JsonObject json, String field) {
    try {
      return Optional.of(text(json, field)).filter(t -> !t.isEmpty()).map(Instant::parse);
    } catch (DateTimeException notOurs) {
      return Optional.empty();
    }
  }
}
