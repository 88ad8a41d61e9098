// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.model;

import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The part of an object that label and field selectors see, kept beside its encoded form. */
public record Selectable(Map<String, String> labels, Map<String, String> fields) {

  public static Selectable of(JsonObject object, List<String> paths) {
    Map<String, String> fields = new HashMap<>();
    fields.put("metadata.name", Json.string(object, "metadata", "name"));
    fields.put("metadata.namespace", Json.string(object, "metadata", "namespace"));
    for (String path : paths) {
      fields.put(path, Json.string(object, path.split("\\.")));
    }
    return new Selectable(Json.stringMap(object, "metadata", "labels"), Map.copyOf(fields));
  }
}
