// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The file of settings in the ConfigMap that the manifests and the chart create. */
final class SettingsFile {
  private static final String CONFIG_MAP = "node-qos-controller";
  private static final String FILE = "config.yaml";

  private final ApiEndpoint api;
  private final TimeSource time;

  SettingsFile(ApiEndpoint api, TimeSource time) {
    this.api = api;
    this.time = time;
  }

  /**
   * Reads it.
   *
   * @return empty when there is none, or it must not be read
   * @throws SnapshotException when the server does not answer
   */
  Optional<String> read(String namespace, Refusals refusals) throws SnapshotException {
    String name = "ConfigMap " + namespace + "/" + CONFIG_MAP;
    String consequence = "all settings of the controller count as their defaults";
    try {
      return read(namespace);
    } catch (IOException e) {
      if (ApiRefusal.failureOf(e).code() == 404) {
        refusals.add(name + " does not exist: " + consequence);
      } else {
        refusals.goOnWithout(name, e, consequence);
      }
      return Optional.empty();
    }
  }

  private Optional<String> read(String namespace) throws IOException {
    String path = "/api/v1/namespaces/" + namespace + "/configmaps/" + CONFIG_MAP;
    return text(api.get(path, Map.of(), time));
  }

  private static Optional<String> text(JsonObject configMap) {
    return Optional.ofNullable(configMap.get("data"))
        .filter(JsonElement::isJsonObject)
        .map(data -> ((JsonObject) data).get(FILE))
        .filter(JsonElement::isJsonPrimitive)
        .map(JsonElement::getAsString);
  }
}
