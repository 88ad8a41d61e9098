// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import com.google.gson.JsonIOException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * An API server as one client of it: the client with its timeouts, credentials and connections, and
 * the requests it begins. Not the client library's ApiClient, which registers all of its generated
 * models to decode into.
 */
public final class ApiEndpoint {
  private final OkHttpClient http;
  private final String server;
  private final String userAgent;

  /**
   * Connects with the first request.
   *
   * @param server its address, without a trailing slash
   */
  public ApiEndpoint(OkHttpClient http, String server, String userAgent) {
    this.http = http;
    this.server = server;
    this.userAgent = userAgent;
  }

  /** The address, for the log. */
  public String server() {
    return server;
  }

  public OkHttpClient http() {
    return http;
  }

  /**
   * Begins a request.
   *
   * @param path below the server's address, with a leading slash
   */
  public Request.Builder request(String path, Map<String, String> query) throws IOException {
    HttpUrl base = HttpUrl.parse(server + path);
    if (base == null) {
      throw new IOException(server + " is not an http or https address");
    }
    HttpUrl.Builder url = base.newBuilder();
    query.forEach(url::addQueryParameter);
    return new Request.Builder().url(url.build()).header("User-Agent", userAgent);
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
