// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The values of the configuration annotation of a node, by path. */
final class ConfigValues {
  /** Computed from the others, or there only while a rollout is under way. */
  private static final Set<String> DERIVED = Set.of("version", "digests", "revisions");

  private ConfigValues() {}

  /** None when there is no annotation, or it cannot be read. */
  static Map<String, String> on(NodeView node) {
    Map<String, String> values = new TreeMap<>();
    String text = node.annotations().get(Keys.CONFIG);
    if (text == null) {
      return values;
    }
    try {
      if (JsonParser.parseString(text) instanceof JsonObject config) {
        config.asMap().keySet().removeAll(DERIVED);
        add(values, "", config);
      }
    } catch (JsonParseException ofAnotherWriter) {
      values.clear();
    }
    return values;
  }

  private static void add(Map<String, String> values, String path, JsonElement element) {
    if (element.isJsonObject()) {
      for (Map.Entry<String, JsonElement> field : element.getAsJsonObject().entrySet()) {
        add(
            values,
            path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
            field.getValue());
      }
    } else if (element.isJsonArray()) {
      list(values, path, element.getAsJsonArray());
    } else {
      values.put(path, element.isJsonPrimitive() ? element.getAsString() : element.toString());
    }
  }

  private static void list(Map<String, String> values, String path, JsonArray list) {
    for (int i = 0; i < list.size(); i++) {
      JsonElement element = list.get(i);
      if (element.isJsonPrimitive()) {
        values.put(path + "[" + element.getAsString() + "]", "true");
      } else if (element instanceof JsonObject object && object.has("name")) {
        String name = object.get("name").getAsString();
        JsonObject others = object.deepCopy();
        others.remove("name");
        if (others.isEmpty()) {
          values.put(path + "[" + name + "]", "true");
        }
        add(values, path + "[" + name + "]", others);
      } else {
        add(values, path + "[" + i + "]", element);
      }
    }
  }
}
