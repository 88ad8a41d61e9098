// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.patch;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import java.util.List;
import java.util.function.UnaryOperator;

/** The patch types of the API, by the request's content type. */
public final class Patches {
  private static final String JSON = "application/json-patch+json";
  private static final String MERGE = "application/merge-patch+json";
  private static final String STRATEGIC = "application/strategic-merge-patch+json";

  private Patches() {}

  /**
   * The patch as a function that changes the object it is given.
   *
   * <p>Server-side apply is answered with 415: without field ownership it would be wrong.
   *
   * @throws ApiException 415 for another content type, 400 for a patch that is no JSON
   */
  public static UnaryOperator<JsonObject> of(ResourceType type, String contentType, byte[] body) {
    boolean custom = type.is(ResourceType.Trait.CUSTOM);
    List<String> accepted = custom ? List.of(JSON, MERGE) : List.of(JSON, MERGE, STRATEGIC);
    String mediaType = contentType.split(";", -1)[0].trim();
    if (!accepted.contains(mediaType)) {
      throw new ApiException(ApiStatus.unsupportedMediaType(String.join(", ", accepted)));
    }
    JsonElement patch = parse(body);
    if (mediaType.equals(JSON)) {
      return object -> JsonPatch.apply(object, patch);
    }
    if (!patch.isJsonObject()) {
      throw new ApiException(ApiStatus.badRequest("error decoding patch: not an object"));
    }
    if (mediaType.equals(MERGE)) {
      return object -> {
        MergePatch.apply(object, patch.getAsJsonObject());
        return object;
      };
    }
    StrategicMergePatch strategic = new StrategicMergePatch(MergeKeys.of(type));
    return object -> {
      strategic.apply(object, patch.getAsJsonObject());
      return object;
    };
  }

  private static JsonElement parse(byte[] body) {
    try {
      return Json.parse(body);
    } catch (JsonParseException e) {
      throw new ApiException(ApiStatus.badRequest("error decoding patch: " + e.getMessage()));
    }
  }
}
