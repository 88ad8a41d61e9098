// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.client.ResourcePath;
import io.nodeqos.kube.codec.PolicyCodec;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Edits a policy in the name of a user: its spec, or the annotation with a request to a rollout.
 * The controller itself never writes a spec: a tool that keeps policies in step with Git would
 * write it back.
 */
public final class PolicySpecClient {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final MediaType MERGE = MediaType.get("application/merge-patch+json");
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();
  private static final int ATTEMPTS = 5;
  private static final int CONFLICT = 409;

  private final ApiEndpoint api;
  private final TimeSource time;

  public PolicySpecClient(ApiEndpoint api, TimeSource time) {
    this.api = api;
    this.time = time;
  }

  /**
   * Reads the policy, edits its spec and writes it; again when another writer was faster, such as
   * the controller with the status.
   *
   * @param edit of the spec as it is; may throw to give up
   * @param dryRun the server checks the new spec and does not store it
   * @return the generation of the policy after the edit
   * @throws IOException when the server does not answer; an {@link ApiRefusal} when it refuses
   */
  public long edit(String policy, UnaryOperator<JsonObject> edit, boolean dryRun)
      throws IOException {
    String path = ResourcePath.POLICIES + "/" + policy;
    Map<String, String> query =
        dryRun
            ? Map.of("dryRun", "All", "fieldValidation", "Strict")
            : Map.of("fieldValidation", "Strict");
    for (int attempt = 1; ; attempt++) {
      JsonObject object = api.get(path, Map.of(), time);
      object.add("spec", edit.apply(object.getAsJsonObject("spec")));
      try {
        return generation(
            send(api.request(path, query).put(RequestBody.create(object.toString(), JSON))));
      } catch (ApiRefusal e) {
        if (e.failure().code() != CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Reads the policy and writes the annotation {@link Keys#ROLLOUT}; again when another writer was
   * faster, such as the controller with the status.
   *
   * @param request of the policy as it is: the value, empty for none; may throw to give up
   */
  public void request(String policy, Function<PolicyObject, String> request) throws IOException {
    String path = ResourcePath.POLICIES + "/" + policy;
    for (int attempt = 1; ; attempt++) {
      PolicyObject present = read(path);
      String value = request.apply(present);
      JsonObject annotations = new JsonObject();
      annotations.add(Keys.ROLLOUT, value.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(value));
      JsonObject metadata = new JsonObject();
      metadata.addProperty("resourceVersion", present.meta().resourceVersion());
      metadata.add("annotations", annotations);
      JsonObject patch = new JsonObject();
      patch.add("metadata", metadata);
      try {
        send(api.request(path, Map.of()).patch(RequestBody.create(GSON.toJson(patch), MERGE)));
        return;
      } catch (ApiRefusal e) {
        if (e.failure().code() != CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private PolicyObject read(String path) throws IOException {
    JsonObject object = api.get(path, Map.of(), time);
    return new PolicyCodec()
        .decode(new JsonTolerantReader(new StringReader(object.toString())))
        .view();
  }

  private static long generation(JsonObject policy) {
    return policy.getAsJsonObject("metadata").get("generation").getAsLong();
  }

  private JsonObject send(Request.Builder request) throws IOException {
    try (Response response =
        api.http().newCall(request.header("Accept", "application/json").build()).execute()) {
      if (!response.isSuccessful()) {
        throw new ApiRefusal(ApiFailure.of(response, time));
      }
      return JsonParser.parseReader(response.body().charStream()).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("The API server answers with something else than a policy", e);
    }
  }
}
