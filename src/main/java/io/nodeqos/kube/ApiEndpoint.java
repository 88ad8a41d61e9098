// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Builds plain requests with the address, the credentials and the headers of an {@link ApiClient}.
 * Its own calls would decode into the generated models.
 */
final class ApiEndpoint {
  private static final String[] AUTHENTICATIONS = {"BearerToken"};

  private final ApiClient client;

  ApiEndpoint(ApiClient client) {
    this.client = client;
  }

  /** The address, for the log. */
  String server() {
    return client.getBasePath();
  }

  OkHttpClient http() {
    return client.getHttpClient();
  }

  /**
   * Begins a request.
   *
   * @param method which some ways of authentication depend on
   * @param path below the server's address, with a leading slash
   */
  Request.Builder request(String method, String path, Map<String, String> query)
      throws IOException {
    HttpUrl base = HttpUrl.parse(client.getBasePath() + path);
    if (base == null) {
      throw new IOException(client.getBasePath() + " is not an http or https address");
    }
    HttpUrl.Builder url = base.newBuilder();
    query.forEach(url::addQueryParameter);
    Map<String, String> headers = new HashMap<>();
    authenticate(method, url, headers);
    Request.Builder request = new Request.Builder().url(url.build());
    client.processHeaderParams(headers, request);
    return request;
  }

  /**
   * Begins the request of a watch. Uncompressed: kube-apiserver 1.37 answers one that may be
   * compressed with a gzip member for each event, and OkHttp fails after the first.
   */
  Request.Builder watch(String path, Map<String, String> query) throws IOException {
    return request("GET", path, query).header("Accept-Encoding", "identity");
  }

  private void authenticate(String method, HttpUrl.Builder url, Map<String, String> headers)
      throws IOException {
    List<Pair> query = new ArrayList<>();
    try {
      client.updateParamsForAuth(
          AUTHENTICATIONS, query, headers, new HashMap<>(), "", method, URI.create(server()));
    } catch (ApiException e) {
      throw new IOException("no credentials: " + e.getMessage(), e);
    }
    query.forEach(pair -> url.addQueryParameter(pair.getName(), pair.getValue()));
  }
}
