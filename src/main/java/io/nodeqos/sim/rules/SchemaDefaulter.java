// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.Json;
import java.util.Map;

/**
 * Fills in the defaults of a structural schema; a null where null is not allowed counts as unset.
 */
public final class SchemaDefaulter {
  private SchemaDefaulter() {}

  /** Changes the value in place. */
  public static void fill(JsonObject schema, JsonElement value) {
    if (value.isJsonObject()) {
      fillObject(schema, value.getAsJsonObject());
    } else if (value.isJsonArray()) {
      JsonObject items = Json.object(schema, "items");
      if (items != null) {
        value.getAsJsonArray().forEach(item -> fill(items, item));
      }
    }
  }

  private static void fillObject(JsonObject schema, JsonObject object) {
    JsonObject properties = Json.object(schema, "properties");
    if (properties != null) {
      for (Map.Entry<String, JsonElement> entry : properties.entrySet()) {
        JsonObject property = entry.getValue().getAsJsonObject();
        JsonElement present = object.get(entry.getKey());
        JsonElement standard = property.get("default");
        boolean unset =
            present == null || (present.isJsonNull() && !SchemaPruner.isTrue(property, "nullable"));
        if (unset && standard != null) {
          object.add(entry.getKey(), standard.deepCopy());
        }
        JsonElement filled = object.get(entry.getKey());
        if (filled != null) {
          fill(property, filled);
        }
      }
    }
    JsonObject additional = Json.object(schema, "additionalProperties");
    if (additional != null) {
      for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
        if (properties == null || !properties.has(entry.getKey())) {
          fill(additional, entry.getValue());
        }
      }
    }
  }
}
