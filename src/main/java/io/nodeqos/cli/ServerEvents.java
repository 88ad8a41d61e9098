// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Kubernetes Events of the controller, for answers without a replica. */
final class ServerEvents {
  private static final String SELECTOR = "reportingComponent=nodeqos.io/node-qos-controller";
  private static final String LIMIT = "500";

  private final ClusterOptions cluster;

  ServerEvents(ClusterOptions cluster) {
    this.cluster = cluster;
  }

  /**
   * Reads them, the newest last, in the form of a replica's events.
   *
   * @param object the name of a node or policy; empty for all
   */
  List<JsonObject> since(Instant begin, String object) throws IOException {
    ApiEndpoint api = cluster.clients().read(cluster.requestTimeout());
    List<JsonObject> events = new ArrayList<>();
    String next = "";
    do {
      JsonObject page = page(api, next, object);
      for (JsonElement item : page.getAsJsonArray("items")) {
        events.add(event(item.getAsJsonObject()));
      }
      next = text(page.getAsJsonObject("metadata"), "continue");
    } while (!next.isEmpty());
    return events.stream()
        .filter(event -> !at(event).isBefore(begin))
        .sorted(Comparator.comparing(ServerEvents::at))
        .toList();
  }

  private JsonObject page(ApiEndpoint api, String next, String object) throws IOException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("limit", LIMIT);
    query.put(
        "fieldSelector", SELECTOR + (object.isEmpty() ? "" : ",involvedObject.name=" + object));
    if (!next.isEmpty()) {
      query.put("continue", next);
    }
    return api.get("/api/v1/events", query, TimeSource.system());
  }

  private static JsonObject event(JsonObject item) {
    JsonObject about = item.getAsJsonObject("involvedObject");
    JsonObject event = new JsonObject();
    event.addProperty("at", time(item));
    event.addProperty("type", text(item, "reason"));
    boolean node = text(about, "kind").equals("Node");
    event.addProperty("node", node ? text(about, "name") : "");
    event.addProperty("policy", node ? "" : text(about, "name"));
    event.addProperty("message", text(item, "message"));
    return event;
  }

  /** An Event that was repeated has the time of the last one in its series. */
  private static String time(JsonObject item) {
    if (item.get("series") instanceof JsonObject series
        && !text(series, "lastObservedTime").isEmpty()) {
      return text(series, "lastObservedTime");
    }
    for (String field : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
      if (!text(item, field).isEmpty()) {
        return text(item, field);
      }
    }
    return text(item.getAsJsonObject("metadata"), "creationTimestamp");
  }

  private static Instant at(JsonObject event) {
    return Instant.parse(event.get("at").getAsString());
  }

  private static String text(JsonObject json, String field) {
    return json.get(field) instanceof JsonPrimitive value ? value.getAsString() : "";
  }
}
