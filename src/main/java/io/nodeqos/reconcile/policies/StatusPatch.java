// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;

/** A merge patch of a status (RFC 7396); {@code json} must not be changed. */
record StatusPatch(JsonObject json) {

  /** True when the patch changes nothing in this status. */
  boolean isIn(JsonObject status) {
    return isIn(json, status);
  }

  private static boolean isIn(JsonObject patch, JsonObject object) {
    return patch.entrySet().stream()
        .allMatch(
            field -> {
              JsonElement now = object.get(field.getKey());
              if (field.getValue() instanceof JsonObject inner && now instanceof JsonObject there) {
                return isIn(inner, there);
              }
              return field.getValue().isJsonNull()
                  ? now == null || now.isJsonNull()
                  : field.getValue().equals(now);
            });
  }

  /** This status after the patch. */
  JsonObject appliedTo(JsonObject status) {
    return applied(json, status);
  }

  private static JsonObject applied(JsonObject patch, JsonObject object) {
    JsonObject result = object.deepCopy();
    for (Map.Entry<String, JsonElement> field : patch.entrySet()) {
      if (field.getValue().isJsonNull()) {
        result.remove(field.getKey());
      } else if (field.getValue() instanceof JsonObject inner) {
        JsonElement now = result.get(field.getKey());
        result.add(
            field.getKey(),
            applied(inner, now instanceof JsonObject there ? there : new JsonObject()));
      } else {
        result.add(field.getKey(), field.getValue());
      }
    }
    return result;
  }
}
