// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import com.google.gson.JsonIOException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.ApiClient;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Builds plain requests with the address, the credentials and the headers of an {@link ApiClient}.
 * Its own calls would decode into the generated models.
 */
public final class ApiEndpoint {
  private final ApiClient client;

  public ApiEndpoint(ApiClient client) {
    this.client = client;
  }

  /** The address, for the log. */
  public String server() {
    return client.getBasePath();
  }

  public OkHttpClient http() {
    return client.getHttpClient();
  }

  /**
   * Begins a request.
   *
   * @param path below the server's address, with a leading slash
   */
  public Request.Builder request(String path, Map<String, String> query) throws IOException {
    HttpUrl base = HttpUrl.parse(client.getBasePath() + path);
    if (base == null) {
      throw new IOException(client.getBasePath() + " is not an http or https address");
    }
    HttpUrl.Builder url = base.newBuilder();
    query.forEach(url::addQueryParameter);
    Request.Builder request = new Request.Builder().url(url.build());
    client.processHeaderParams(Map.of(), request);
    return request;
  }

  /**
   * Begins the request of a watch. Uncompressed: kube-apiserver 1.37 answers one that may be
   * compressed with a gzip member for each event, and OkHttp fails after the first.
   */
  public Request.Builder watch(String path, Map<String, String> query) throws IOException {
    return request(path, query).header("Accept-Encoding", "identity");
  }

  /**
   * Gets an object or a list as a tree: for answers that are small.
   *
   * @throws IOException when the server does not answer, or with something else than an object; an
   *     {@link ApiRefusal} when it refuses
   */
  public JsonObject get(String path, Map<String, String> query, TimeSource time)
      throws IOException {
    Request request = request(path, query).header("Accept", "application/json").build();
    try (Response response = http().newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new ApiRefusal(ApiFailure.of(response, time));
      }
      return JsonParser.parseReader(response.body().charStream()).getAsJsonObject();
    } catch (JsonIOException e) {
      throw new IOException(ApiFailure.of(e).message(), e);
    } catch (JsonParseException | IllegalStateException e) {
      throw new MalformedAnswerException("an object that is not JSON");
    }
  }
}
