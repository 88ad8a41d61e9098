// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * One object of a file.
 *
 * @param where file and document, as the start of a sentence
 */
record SourceDocument(String where, JsonObject object) {

  /** Empty when it is not a Kubernetes object. */
  String kind() {
    return text(object, "kind");
  }

  String name() {
    return metadata("name");
  }

  String namespace() {
    return metadata("namespace");
  }

  private String metadata(String field) {
    JsonElement metadata = object.get("metadata");
    return metadata != null && metadata.isJsonObject()
        ? text(metadata.getAsJsonObject(), field)
        : "";
  }

  private static String text(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }
}
