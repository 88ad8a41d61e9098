// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.patch;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import java.util.Arrays;
import java.util.List;

/** JSON patch, RFC 6902: add, remove, replace, move, copy and test. */
final class JsonPatch {
  private JsonPatch() {}

  /**
   * @throws ApiException 422 when an operation cannot be applied or a test fails, 400 when the
   *     patch is no list of operations
   */
  static JsonObject apply(JsonObject document, JsonElement patch) {
    if (!patch.isJsonArray()) {
      throw new ApiException(ApiStatus.badRequest("error decoding patch: not a list"));
    }
    for (JsonElement item : patch.getAsJsonArray()) {
      if (!item.isJsonObject()) {
        throw new ApiException(ApiStatus.badRequest("error decoding patch: not an operation"));
      }
      operate(document, item.getAsJsonObject());
    }
    return document;
  }

  private static void operate(JsonObject document, JsonObject operation) {
    String name = Json.string(operation, "op");
    String path = Json.string(operation, "path");
    switch (name) {
      case "add" -> add(document, path, value(operation));
      case "replace" -> replace(document, path, value(operation));
      case "remove" -> remove(document, path, name);
      case "move" -> add(document, path, remove(document, Json.string(operation, "from"), name));
      case "copy" ->
          add(document, path, find(document, Json.string(operation, "from"), name).deepCopy());
      case "test" -> {
        if (!find(document, path, name).equals(value(operation))) {
          throw failed("testing value " + path + " failed: test failed");
        }
      }
      default -> throw failed("Unexpected kind: " + name);
    }
  }

  private static JsonElement value(JsonObject operation) {
    JsonElement value = operation.get("value");
    if (value == null) {
      throw failed("an operation lacks its value");
    }
    return value.deepCopy();
  }

  private static void add(JsonObject document, String path, JsonElement value) {
    List<String> steps = steps(path);
    JsonElement parent = parent(document, steps, "add", path);
    String last = steps.get(steps.size() - 1);
    if (parent.isJsonObject()) {
      parent.getAsJsonObject().add(last, value);
      return;
    }
    JsonArray array = parent.getAsJsonArray();
    int index = last.equals("-") ? array.size() : index(last, array.size() + 1, "add", path);
    array.add(value);
    for (int i = array.size() - 1; i > index; i--) {
      array.set(i, array.get(i - 1));
    }
    array.set(index, value);
  }

  /** As in the server's library, an absent field may be replaced; an absent item may not. */
  private static void replace(JsonObject document, String path, JsonElement value) {
    List<String> steps = steps(path);
    JsonElement parent = parent(document, steps, "replace", path);
    String last = steps.get(steps.size() - 1);
    if (parent.isJsonObject()) {
      parent.getAsJsonObject().add(last, value);
    } else {
      JsonArray array = parent.getAsJsonArray();
      array.set(index(last, array.size(), "replace", path), value);
    }
  }

  private static JsonElement remove(JsonObject document, String path, String operation) {
    JsonElement found = find(document, path, operation);
    List<String> steps = steps(path);
    JsonElement parent = parent(document, steps, operation, path);
    String last = steps.get(steps.size() - 1);
    if (parent.isJsonObject()) {
      parent.getAsJsonObject().remove(last);
    } else {
      JsonArray array = parent.getAsJsonArray();
      array.remove(index(last, array.size(), operation, path));
    }
    return found;
  }

  private static JsonElement find(JsonObject document, String path, String operation) {
    List<String> steps = steps(path);
    JsonElement found =
        step(
            parent(document, steps, operation, path), steps.get(steps.size() - 1), operation, path);
    if (found == null) {
      throw missing(operation, path);
    }
    return found;
  }

  private static JsonElement parent(
      JsonObject document, List<String> steps, String operation, String path) {
    JsonElement current = document;
    for (String step : steps.subList(0, steps.size() - 1)) {
      current = step(current, step, operation, path);
    }
    if (current == null || current.isJsonPrimitive() || current.isJsonNull()) {
      throw missing(operation, path);
    }
    return current;
  }

  private static JsonElement step(JsonElement from, String step, String operation, String path) {
    if (from != null && from.isJsonObject()) {
      return from.getAsJsonObject().get(step);
    }
    if (from != null && from.isJsonArray()) {
      JsonArray array = from.getAsJsonArray();
      return array.get(index(step, array.size(), operation, path));
    }
    return null;
  }

  private static int index(String step, int bound, String operation, String path) {
    try {
      int index = Integer.parseInt(step);
      if (index >= 0 && index < bound) {
        return index;
      }
    } catch (NumberFormatException e) {
      throw missing(operation, path);
    }
    throw missing(operation, path);
  }

  private static List<String> steps(String path) {
    if (!path.startsWith("/")) {
      throw failed("a path must start with /: " + path);
    }
    return Arrays.stream(path.substring(1).split("/", -1))
        .map(step -> step.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  private static ApiException missing(String operation, String path) {
    return failed(
        operation + " operation does not apply: doc is missing path: " + path + ": missing value");
  }

  private static ApiException failed(String message) {
    return new ApiException(ApiStatus.unprocessable("the server rejected our request: " + message));
  }
}
