// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ResourcePath;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Asks the API server whether it would accept a policy (dryRun=All): only it checks the rules in
 * CEL of the CRD, and what admission says. Nothing is stored.
 */
public final class PolicyDryRun {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final MediaType JSON_PATCH = MediaType.get("application/json-patch+json");
  private static final Map<String, String> DRY_RUN =
      Map.of("dryRun", "All", "fieldValidation", "Strict");

  private final ApiEndpoint api;
  private final TimeSource time;

  public PolicyDryRun(ApiEndpoint api, TimeSource time) {
    this.api = api;
    this.time = time;
  }

  /** The answer of the server. */
  public sealed interface Answer {
    /**
     * @param spec as it would be stored, with defaults
     */
    record Accepted(JsonObject spec) implements Answer {}

    /**
     * @param why a clause
     */
    record Refused(String why) implements Answer {}

    /** The user may not write policies. */
    record NotAllowed() implements Answer {}
  }

  /** Asks for a new policy. */
  public Answer create(JsonObject policy) throws IOException {
    return answer(
        api.request(ResourcePath.POLICIES, DRY_RUN)
            .post(RequestBody.create(policy.toString(), JSON)));
  }

  /** Asks for another spec of a policy that exists. */
  public Answer update(String name, JsonObject spec) throws IOException {
    JsonObject replace = new JsonObject();
    // Adds or replaces.
    replace.addProperty("op", "add");
    replace.addProperty("path", "/spec");
    replace.add("value", spec);
    JsonArray patch = new JsonArray();
    patch.add(replace);
    return answer(
        api.request(ResourcePath.POLICIES + "/" + name, DRY_RUN)
            .patch(RequestBody.create(patch.toString(), JSON_PATCH)));
  }

  private Answer answer(Request.Builder request) throws IOException {
    try (Response response = api.http().newCall(request.build()).execute()) {
      if (response.isSuccessful()) {
        return new Answer.Accepted(spec(response));
      }
      ApiFailure failure = ApiFailure.of(response, time);
      return switch (failure.code()) {
        case 400, 409, 422 -> new Answer.Refused(failure.message());
        // Of the authorizer; admission answers with the same code.
        case 403 ->
            failure.message().contains(" cannot ")
                ? new Answer.NotAllowed()
                : new Answer.Refused(failure.message());
        default -> throw new IOException("The policy cannot be checked: " + failure.message());
      };
    }
  }

  private static JsonObject spec(Response response) throws IOException {
    try {
      return JsonParser.parseReader(response.body().charStream()).getAsJsonObject().get("spec")
              instanceof JsonObject spec
          ? spec
          : new JsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("The API server answers with something else than a policy", e);
    }
  }
}
