// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.request;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import java.util.Map;
import java.util.Optional;

/**
 * One request as the server has read it.
 *
 * @param query the last value of each query parameter
 * @param fault the fault that shapes the reply, if one was injected
 */
public record ApiRequest(
    RequestInfo info,
    Optional<ApiPath> path,
    String rawPath,
    Map<String, String> query,
    Content content,
    Optional<Fault> fault) {

  /** The relevant headers, "" when absent, and the body. */
  public record Content(String accept, String contentType, byte[] body) {}

  public String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  public boolean flag(String name) {
    String value = parameter(name);
    return value.equals("true") || value.equals("1");
  }

  public boolean dryRun() {
    return parameter("dryRun").equals("All");
  }

  /**
   * The number in the parameter, or the default when it is absent.
   *
   * @throws ApiException 400 when it is no number
   */
  public long number(String name, long otherwise) {
    String value = parameter(name);
    try {
      return value.isEmpty() ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new ApiException(
          ApiStatus.badRequest("invalid parameter " + name + ": \"" + value + "\""));
    }
  }

  /**
   * The body as an object.
   *
   * @throws ApiException 400 when it is none, 415 when it is not JSON by its content type
   */
  public JsonObject object() {
    String type = content.contentType().split(";", -1)[0].trim();
    if (!type.isEmpty() && !type.equals("application/json")) {
      throw new ApiException(ApiStatus.unsupportedMediaType("application/json"));
    }
    JsonElement body;
    try {
      body = Json.parse(content.body());
    } catch (JsonParseException e) {
      throw new ApiException(
          ApiStatus.badRequest("couldn't get version/kind; json parse error: " + e.getMessage()));
    }
    if (!body.isJsonObject()) {
      throw new ApiException(
          ApiStatus.badRequest("couldn't get version/kind; json parse error: not an object"));
    }
    return body.getAsJsonObject();
  }
}
