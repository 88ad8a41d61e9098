// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads of JSON objects in which every part may be missing. */
public final class FleetJson {
  private FleetJson() {}

  /** The text at this path, empty when there is none. */
  public static String text(JsonObject from, String... path) {
    JsonElement found = at(from, path);
    return found != null && found.isJsonPrimitive() ? found.getAsString() : "";
  }

  /** The objects of the list at this path. */
  public static List<JsonObject> objects(JsonObject from, String... path) {
    JsonElement found = at(from, path);
    List<JsonObject> objects = new ArrayList<>();
    if (found instanceof JsonArray array) {
      for (JsonElement element : array) {
        if (element.isJsonObject()) {
          objects.add(element.getAsJsonObject());
        }
      }
    }
    return objects;
  }

  /** The object of strings at this path, such as labels. */
  public static Map<String, String> strings(JsonObject from, String... path) {
    Map<String, String> strings = new LinkedHashMap<>();
    if (at(from, path) instanceof JsonObject object) {
      for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
        if (entry.getValue().isJsonPrimitive()) {
          strings.put(entry.getKey(), entry.getValue().getAsString());
        }
      }
    }
    return strings;
  }

  /** The first object of the list at this path whose field {@code type} is this; empty if none. */
  public static JsonObject condition(JsonObject object, String type) {
    return objects(object, "status", "conditions").stream()
        .filter(condition -> text(condition, "type").equals(type))
        .findFirst()
        .orElseGet(JsonObject::new);
  }

  public static String name(JsonObject object) {
    return text(object, "metadata", "name");
  }

  static String uid(JsonObject object) {
    return text(object, "metadata", "uid");
  }

  /** The element at this path or null. */
  static JsonElement at(JsonObject from, String... path) {
    JsonElement current = from;
    for (String key : path) {
      if (!(current instanceof JsonObject object)) {
        return null;
      }
      current = object.get(key);
    }
    return current;
  }
}
