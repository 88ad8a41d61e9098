// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Drops the fields of a custom resource that its structural schema does not specify. */
public final class SchemaPruner {
  private static final Set<String> ALWAYS_KNOWN = Set.of("apiVersion", "kind", "metadata");

  private final List<String> dropped = new ArrayList<>();

  private SchemaPruner() {}

  /** Changes the object in place and returns the paths of the dropped fields. */
  public static List<String> prune(JsonObject schema, JsonObject object) {
    SchemaPruner pruner = new SchemaPruner();
    pruner.pruneObject(schema, object, "", true);
    return pruner.dropped;
  }

  private void pruneValue(JsonObject schema, JsonElement value, String path) {
    if (schema == null) {
      return;
    }
    if (value.isJsonObject()) {
      boolean embedded = isTrue(schema, "x-kubernetes-embedded-resource");
      pruneObject(schema, value.getAsJsonObject(), path, embedded);
    } else if (value.isJsonArray()) {
      JsonObject items = Json.object(schema, "items");
      for (int i = 0; i < value.getAsJsonArray().size(); i++) {
        pruneValue(items, value.getAsJsonArray().get(i), path + "[" + i + "]");
      }
    }
  }

  private void pruneObject(JsonObject schema, JsonObject object, String path, boolean root) {
    boolean preserve = isTrue(schema, "x-kubernetes-preserve-unknown-fields");
    JsonObject properties = Json.object(schema, "properties");
    JsonElement additional = schema.get("additionalProperties");
    for (String field : List.copyOf(object.keySet())) {
      if (root && ALWAYS_KNOWN.contains(field)) {
        continue;
      }
      String at = path.isEmpty() ? field : path + "." + field;
      JsonObject known = Json.object(properties, field);
      if (known != null) {
        pruneValue(known, object.get(field), at);
      } else if (additional != null && additional.isJsonObject()) {
        pruneValue(additional.getAsJsonObject(), object.get(field), at);
      } else if (!preserve && !(additional != null && additional.getAsBoolean())) {
        object.remove(field);
        dropped.add(at);
      }
    }
  }

  static boolean isTrue(JsonObject schema, String field) {
    return Json.string(schema, field).equals("true");
  }
}
