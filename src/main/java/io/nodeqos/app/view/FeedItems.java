// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.nodeqos.events.EventFeed.Item;
import io.nodeqos.events.QosEvent;
import io.nodeqos.history.Transition;

/** The JSON of an event in the stream, in one form for all sources. Thread-safe. */
public final class FeedItems {
  private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();

  /** An event of this process. */
  public Item of(QosEvent event) {
    return new Item(
        event.at(),
        event.type().name(),
        event.node().name(),
        event.policy().name(),
        () -> json(event));
  }

  private String json(QosEvent event) {
    JsonObject json = new JsonObject();
    json.addProperty("at", event.at().toString());
    json.addProperty("type", event.type().name());
    json.addProperty("node", event.node().name());
    json.addProperty("uid", event.node().uid());
    json.addProperty("policy", event.policy().name());
    json.addProperty("namespace", event.context().namespace());
    json.addProperty("configVersion", event.context().configVersion());
    json.addProperty("epoch", event.context().epoch());
    json.addProperty("traceId", event.context().traceId());
    json.addProperty("message", event.message());
    json.addProperty("observed", false);
    return gson.toJson(json);
  }

  /** An event of another process, derived from the node. */
  public Item of(Transition transition) {
    String policy = transition.policies().isEmpty() ? "" : transition.policies().get(0);
    return new Item(
        transition.at(),
        transition.type().name(),
        transition.node(),
        policy,
        () -> json(transition, policy));
  }

  private String json(Transition transition, String policy) {
    JsonObject json = new JsonObject();
    json.addProperty("at", transition.at().toString());
    json.addProperty("type", transition.type().name());
    json.addProperty("node", transition.node());
    json.addProperty("uid", transition.uid());
    json.addProperty("policy", policy);
    json.addProperty("namespace", "");
    json.addProperty("configVersion", transition.configVersion());
    json.addProperty("epoch", transition.epoch());
    json.addProperty("traceId", transition.traceId());
    json.addProperty("message", transition.message());
    json.addProperty("observed", true);
    return gson.toJson(json);
  }
}
