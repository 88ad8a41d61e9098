// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import java.util.ArrayList;
import java.util.List;

/**
 * A policy whose finalizer only a running controller removes.
 *
 * @param deleting it goes as soon as its nodes are clean
 * @param message the progress of the deletion in the words of the controller, without one ""
 */
record HeldPolicy(String name, boolean deleting, String message) {

  /** Those of a list of policies. */
  static List<HeldPolicy> of(JsonObject list) {
    List<HeldPolicy> held = new ArrayList<>();
    for (JsonElement item : array(list, "items")) {
      JsonObject policy = item.getAsJsonObject();
      JsonObject metadata = policy.getAsJsonObject("metadata");
      for (JsonElement finalizer : array(metadata, "finalizers")) {
        if (finalizer.getAsString().equals(Keys.FINALIZER)) {
          held.add(
              new HeldPolicy(
                  metadata.get("name").getAsString(),
                  metadata.has("deletionTimestamp"),
                  progress(policy)));
        }
      }
    }
    return held;
  }

  private static String progress(JsonObject policy) {
    if (policy.has("status")) {
      for (JsonElement each : array(policy.getAsJsonObject("status"), "conditions")) {
        JsonObject condition = each.getAsJsonObject();
        if (condition.get("type").getAsString().equals("Progressing")) {
          return condition.get("message").getAsString();
        }
      }
    }
    return "";
  }

  private static JsonArray array(JsonObject object, String field) {
    return object.has(field) ? object.getAsJsonArray(field) : new JsonArray();
  }

  /** What holds it up, and what to do. */
  String sentence() {
    if (!deleting) {
      return "Policy "
          + name
          + " has deletionPolicy Remove and is not being deleted. Run: kubectl delete nqp "
          + name;
    }
    return "Policy "
        + name
        + " is being deleted. "
        + (message.isEmpty() ? "No replica has reported its progress." : message);
  }
}
