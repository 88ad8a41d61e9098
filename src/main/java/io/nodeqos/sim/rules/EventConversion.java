// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ResourceType;
import java.util.Map;

/** The two faces of one Event: core/v1 is stored, events.k8s.io/v1 has other field names. */
public final class EventConversion {
  private static final String STORED = "v1";
  private static final String PRESENTED = "events.k8s.io/v1";

  /** events.k8s.io/v1 name to core/v1 name (staging/src/k8s.io/api/events/v1). */
  private static final Map<String, String> NAMES =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  private EventConversion() {}

  public static ResourceType.View view() {
    return new ResourceType.View(STORED, EventConversion::toCore, EventConversion::fromCore);
  }

  private static JsonObject toCore(JsonObject event) {
    NAMES.forEach((presented, stored) -> rename(event, presented, stored));
    event.addProperty("apiVersion", STORED);
    return event;
  }

  private static JsonObject fromCore(JsonObject event) {
    NAMES.forEach((presented, stored) -> rename(event, stored, presented));
    event.addProperty("apiVersion", PRESENTED);
    return event;
  }

  private static void rename(JsonObject event, String from, String to) {
    JsonElement value = event.remove(from);
    if (value != null) {
      event.add(to, value);
    }
  }
}
