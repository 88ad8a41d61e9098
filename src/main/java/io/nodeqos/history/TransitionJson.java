// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A {@link Transition} as JSON: in the store and in answers. */
public final class TransitionJson {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private TransitionJson() {}

  public static JsonObject of(Transition t) {
    JsonObject json = new JsonObject();
    json.addProperty("at", t.at().toString());
    json.addProperty("node", t.node());
    json.addProperty("uid", t.uid());
    json.addProperty("type", t.type().name());
    json.addProperty("reason", t.reason());
    json.addProperty("message", t.message());
    json.addProperty("configVersion", t.configVersion());
    JsonArray policies = new JsonArray();
    t.policies().forEach(policies::add);
    json.add("policies", policies);
    json.addProperty("epoch", t.epoch());
    json.addProperty("leader", t.leader());
    json.addProperty("traceId", t.traceId());
    json.addProperty("rebuilt", t.rebuilt());
    return json;
  }

  static String write(Transition t) {
    return GSON.toJson(of(t));
  }

  /** Empty for an entry of a later version that this version does not know. */
  static Optional<Transition> read(String text) {
    try {
      return read(JsonParser.parseString(text).getAsJsonObject());
    } catch (RuntimeException unknown) {
      return Optional.empty();
    }
  }

  /** Reads the object of {@link #of}; empty for one of a later version. */
  public static Optional<Transition> read(JsonObject json) {
    try {
      List<String> policies = new ArrayList<>();
      for (JsonElement policy : json.getAsJsonArray("policies")) {
        policies.add(policy.getAsString());
      }
      return Optional.of(
          new Transition(
              Instant.parse(text(json, "at")),
              text(json, "node"),
              text(json, "uid"),
              Transition.Type.valueOf(text(json, "type")),
              text(json, "reason"),
              text(json, "message"),
              text(json, "configVersion"),
              policies,
              json.get("epoch").getAsLong(),
              text(json, "leader"),
              text(json, "traceId"),
              json.get("rebuilt").getAsBoolean()));
    } catch (RuntimeException unknown) {
      return Optional.empty();
    }
  }

  static String writeMarks(NodeMarks m) {
    JsonObject json = new JsonObject();
    json.addProperty("node", m.node());
    json.addProperty("uid", m.uid());
    json.addProperty("configVersion", m.configVersion());
    json.addProperty("markedFor", m.markedFor());
    json.addProperty("markedAt", m.markedAt());
    json.addProperty("status", m.status());
    json.addProperty("reason", m.reason());
    json.addProperty("since", m.since().toString());
    json.addProperty("lastDone", m.lastDone());
    return GSON.toJson(json);
  }

  static Optional<NodeMarks> readMarks(String text) {
    try {
      JsonObject json = JsonParser.parseString(text).getAsJsonObject();
      return Optional.of(
          new NodeMarks(
              text(json, "node"),
              text(json, "uid"),
              text(json, "configVersion"),
              text(json, "markedFor"),
              text(json, "markedAt"),
              text(json, "status"),
              text(json, "reason"),
              Instant.parse(text(json, "since")),
              text(json, "lastDone")));
    } catch (RuntimeException unknown) {
      return Optional.empty();
    }
  }

  private static String text(JsonObject json, String field) {
    return json.get(field).getAsString();
  }
}
