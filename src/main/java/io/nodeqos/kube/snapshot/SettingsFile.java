// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import okhttp3.Response;

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
    try (Response response =
        api.http()
            .newCall(api.request(path, Map.of()).header("Accept", "application/json").build())
            .execute()) {
      if (!response.isSuccessful()) {
        throw new ApiRefusal(ApiFailure.of(response, time));
      }
      return text(JsonParser.parseReader(response.body().charStream()));
    } catch (JsonParseException e) {
      throw new MalformedAnswerException("a ConfigMap that is not JSON");
    }
  }

  private static Optional<String> text(JsonElement configMap) {
    return Optional.of(configMap)
        .filter(JsonElement::isJsonObject)
        .map(object -> object.getAsJsonObject().get("data"))
        .filter(JsonElement::isJsonObject)
        .map(data -> ((JsonObject) data).get(FILE))
        .filter(JsonElement::isJsonPrimitive)
        .map(JsonElement::getAsString);
  }
}
