// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/** A server's answer to one request, with short ways to look into its JSON. */
record Answer(int code, String contentType, String body) {

  /** The same answer, once its code is as expected. */
  Answer expect(int wanted) {
    Assertions.assertEquals(wanted, code, () -> "the status code of the answer: " + body);
    return this;
  }

  JsonObject json() {
    return JsonParser.parseString(body).getAsJsonObject();
  }

  /** The scalar at the path of field names and list indexes, "" when there is none. */
  String at(String... path) {
    return at(json(), path);
  }

  static String at(JsonElement from, String... path) {
    JsonElement found = find(from, path);
    return found == null || !found.isJsonPrimitive() ? "" : found.getAsString();
  }

  /** The element at the path, null when there is none. */
  static JsonElement find(JsonElement from, String... path) {
    JsonElement current = from;
    for (String step : path) {
      if (current != null && current.isJsonObject()) {
        current = current.getAsJsonObject().get(step);
      } else if (current != null && current.isJsonArray()) {
        JsonArray array = current.getAsJsonArray();
        int index = Integer.parseInt(step);
        current = index < array.size() ? array.get(index) : null;
      } else {
        return null;
      }
    }
    return current == null || current.isJsonNull() ? null : current;
  }

  boolean has(String... path) {
    return find(json(), path) != null;
  }

  String name() {
    return at("metadata", "name");
  }

  String uid() {
    return at("metadata", "uid");
  }

  String version() {
    return at("metadata", "resourceVersion");
  }

  /** The names of a list's items, in its order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    json().getAsJsonArray("items").forEach(item -> names.add(at(item, "metadata", "name")));
    return names;
  }
}
