// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Map;

/** The parts that all objects of the API have. */
final class ApiObject {
  private ApiObject() {}

  static JsonObject of(String apiVersion, String kind, JsonObject metadata) {
    JsonObject object = new JsonObject();
    object.addProperty("apiVersion", apiVersion);
    object.addProperty("kind", kind);
    object.add("metadata", metadata);
    return object;
  }

  static JsonObject metadata(String name, String uid, Instant createdAt) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", name);
    metadata.addProperty("uid", uid);
    metadata.addProperty("creationTimestamp", createdAt.toString());
    return metadata;
  }

  static JsonObject strings(Map<String, String> values) {
    JsonObject object = new JsonObject();
    values.forEach(object::addProperty);
    return object;
  }
}
