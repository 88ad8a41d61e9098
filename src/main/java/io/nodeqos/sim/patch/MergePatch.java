// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.patch;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.Json;
import java.util.Map;

/** JSON merge patch, RFC 7386. */
final class MergePatch {
  private MergePatch() {}

  /** Changes the target in place. */
  static void apply(JsonObject target, JsonObject patch) {
    for (Map.Entry<String, JsonElement> entry : patch.entrySet()) {
      JsonElement value = entry.getValue();
      if (value.isJsonNull()) {
        target.remove(entry.getKey());
      } else if (value.isJsonObject()) {
        apply(Json.childObject(target, entry.getKey()), value.getAsJsonObject());
      } else {
        target.add(entry.getKey(), value.deepCopy());
      }
    }
  }
}
