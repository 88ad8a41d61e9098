// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.replica;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pods of the controller that run, for the case that the leader does not answer. */
final class Replicas {
  private static final String LABEL = "app.kubernetes.io/name=node-qos-controller";

  private final ApiEndpoint api;
  private final String namespace;

  Replicas(ApiEndpoint api, String namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  /** Names; none when they cannot be read. */
  List<String> running() {
    String path = "/api/v1/namespaces/" + namespace + "/pods";
    try {
      return running(api.get(path, Map.of("labelSelector", LABEL), TimeSource.system()));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<String> running(JsonObject pods) {
    List<String> names = new ArrayList<>();
    for (JsonElement item : pods.getAsJsonArray("items")) {
      JsonObject pod = item.getAsJsonObject();
      JsonObject meta = pod.getAsJsonObject("metadata");
      JsonElement phase = pod.has("status") ? pod.getAsJsonObject("status").get("phase") : null;
      if (phase != null
          && phase.getAsString().equals("Running")
          && !meta.has("deletionTimestamp")) {
        names.add(meta.get("name").getAsString());
      }
    }
    return names;
  }
}
