// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The present list {@code status.conditions}. It creates the next list: a condition keeps its
 * transition time while its status stays.
 */
record Conditions(JsonArray present) {

  /** One condition as it should be. */
  record Condition(String type, boolean holds, String reason, String message) {
    String status() {
      return holds ? "True" : "False";
    }
  }

  /** The conditions of a status; any other value counts as an empty list. */
  static Conditions in(JsonObject status) {
    return new Conditions(
        status.get("conditions") instanceof JsonArray conditions ? conditions : new JsonArray());
  }

  /** The JSON of these conditions, in this order, as observed at a generation. */
  JsonArray next(List<Condition> wanted, long generation, Instant now) {
    JsonArray all = new JsonArray();
    for (Condition c : wanted) {
      JsonObject json = new JsonObject();
      json.addProperty("type", c.type());
      json.addProperty("status", c.status());
      json.addProperty("observedGeneration", generation);
      json.addProperty("lastTransitionTime", since(c.type(), c.status(), now).toString());
      json.addProperty("reason", c.reason());
      json.addProperty("message", c.message());
      all.add(json);
    }
    return all;
  }

  /**
   * Since when a condition has this status; now, in whole seconds, if it has not. The epoch is the
   * time in the default of the CRD and no transition.
   */
  Instant since(String type, String status, Instant now) {
    return find(type)
        .filter(c -> status.equals(text(c, "status")))
        .flatMap(c -> time(text(c, "lastTransitionTime")))
        .filter(since -> since.isAfter(Instant.EPOCH))
        .orElse(now.truncatedTo(ChronoUnit.SECONDS));
  }

  boolean isTrue(String type) {
    return has(type, "status", "True");
  }

  boolean isFalse(String type) {
    return has(type, "status", "False");
  }

  boolean hasReason(String type, String reason) {
    return has(type, "reason", reason);
  }

  /** Empty without it. */
  String message(String type) {
    return find(type).map(c -> text(c, "message")).orElse("");
  }

  private boolean has(String type, String field, String value) {
    return find(type).filter(c -> text(c, field).equals(value)).isPresent();
  }

  private Optional<JsonObject> find(String type) {
    for (JsonElement one : present) {
      if (one instanceof JsonObject condition && type.equals(text(condition, "type"))) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException notOurs) {
      return Optional.empty();
    }
  }

  private static String text(JsonObject object, String field) {
    return object.has(field) && object.get(field).isJsonPrimitive()
        ? object.get(field).getAsString()
        : "";
  }
}
