// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.MicroTimes;
import io.nodeqos.sim.model.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The server's rules for an Event, in its stored form. A write through {@code events.k8s.io} is
 * checked more strictly than one through {@code core/v1}: there only the series may change.
 */
final class EventRules {
  private static final int MAX_NOTE_BYTES = 1024;

  /** Fields of old Events, which had one time only. */
  private static final List<String> DEPRECATED =
      List.of("firstTimestamp", "lastTimestamp", "count", "source");

  private static final List<String> UNCHANGEABLE =
      List.of(
          "involvedObject",
          "related",
          "reason",
          "message",
          "type",
          "action",
          "eventTime",
          "reportingComponent",
          "reportingInstance",
          "firstTimestamp",
          "lastTimestamp",
          "count",
          "source");

  private EventRules() {}

  /**
   * A new Event through events.k8s.io.
   *
   * @throws ApiException 400 or 422
   */
  static void onCreate(ResourceType type, JsonObject event) {
    rewriteTimes(event);
    List<Cause> causes = new ArrayList<>(series(event));
    if (Json.string(event, "eventTime").isEmpty()) {
      causes.add(Cause.required("eventTime"));
    }
    if (!Set.of("Normal", "Warning").contains(Json.string(event, "type"))) {
      causes.add(Cause.invalid("type", "has invalid value: " + Json.string(event, "type")));
    }
    for (String field : DEPRECATED) {
      if (event.has(field)) {
        causes.add(Cause.invalid(field, "needs to be unset"));
      }
    }
    refuse(type, event, causes);
  }

  /**
   * A change of an Event through events.k8s.io.
   *
   * @throws ApiException 400 or 422
   */
  static void onUpdate(ResourceType type, JsonObject old, JsonObject next) {
    rewriteTimes(next);
    List<Cause> causes = new ArrayList<>();
    if (!Objects.equals(old.get("series"), next.get("series"))) {
      causes.addAll(series(next));
    }
    for (String field : UNCHANGEABLE) {
      if (!Objects.equals(old.get(field), next.get(field))) {
        causes.add(Cause.invalid(field, "field is immutable"));
      }
    }
    refuse(type, next, causes);
  }

  /**
   * The rules for every Event.
   *
   * @throws ApiException 400 or 422
   */
  static void normalise(ResourceType type, JsonObject event) {
    rewriteTimes(event);
    String namespace = Json.string(event, "metadata", "namespace");
    String about = Json.string(event, "involvedObject", "namespace");
    boolean hasTime = !Json.string(event, "eventTime").isEmpty();
    List<Cause> causes = new ArrayList<>();
    boolean belongs =
        about.isEmpty()
            ? namespace.equals("default") || (hasTime && namespace.equals("kube-system"))
            : hasTime || about.equals(namespace);
    if (!belongs) {
      causes.add(Cause.invalid("involvedObject.namespace", "does not match event.namespace"));
    }
    if (hasTime) {
      for (String field : List.of("reportingComponent", "reportingInstance", "action", "reason")) {
        if (Json.string(event, field).isEmpty()) {
          causes.add(Cause.required(field));
        }
      }
      int bytes = Json.string(event, "message").getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_NOTE_BYTES) {
        causes.add(Cause.invalid("message", "can have at most " + MAX_NOTE_BYTES + " characters"));
      }
    }
    refuse(type, event, causes);
  }

  private static void rewriteTimes(JsonObject event) {
    MicroTimes.rewrite(event, "eventTime");
    MicroTimes.rewrite(Json.object(event, "series"), "lastObservedTime");
  }

  private static List<Cause> series(JsonObject event) {
    List<Cause> causes = new ArrayList<>();
    if (Json.object(event, "series") != null) {
      if (Json.number(event, 0, "series", "count") < 2) {
        causes.add(Cause.invalid("series.count", "should be at least 2"));
      }
      if (Json.string(event, "series", "lastObservedTime").isEmpty()) {
        causes.add(Cause.required("series.lastObservedTime"));
      }
    }
    return causes;
  }

  private static void refuse(ResourceType type, JsonObject event, List<Cause> causes) {
    if (!causes.isEmpty()) {
      throw new ApiException(
          ApiStatus.invalid(type, Json.string(event, "metadata", "name"), causes));
    }
  }
}
