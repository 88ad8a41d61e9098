// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Sends requests to the server under test. */
final class ContractClient {
  static final String JSON = "application/json";
  static final String MERGE = "application/merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";

  private final ContractTarget target;
  private final HttpClient http;

  ContractClient(ContractTarget target) {
    this.target = target;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    target.tls().ifPresent(builder::sslContext);
    this.http = builder.build();
  }

  Answer get(String path) {
    return get(path, JSON);
  }

  Answer get(String path, String accept) {
    return send(request(path).header("Accept", accept).GET());
  }

  Answer post(String path, String body) {
    return send("POST", path, JSON, body);
  }

  Answer put(String path, String body) {
    return send("PUT", path, JSON, body);
  }

  Answer patch(String path, String contentType, String body) {
    return send("PATCH", path, contentType, body);
  }

  Answer merge(String path, String body) {
    return patch(path, MERGE, body);
  }

  Answer delete(String path) {
    return send(request(path).header("Accept", JSON).DELETE());
  }

  Answer delete(String path, String options) {
    return send("DELETE", path, JSON, options);
  }

  Answer send(String method, String path, String contentType, String body) {
    return send(
        request(path)
            .header("Accept", JSON)
            .header("Content-Type", contentType)
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Opens a watch; the path carries its parameters except {@code watch}. */
  WatchReader watch(String path) {
    String separator = path.contains("?") ? "&" : "?";
    HttpRequest request =
        request(path + separator + "watch=true").header("Accept", JSON).GET().build();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      return new WatchReader(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(target.uri() + path));
    target.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    return builder;
  }

  private Answer send(HttpRequest.Builder builder) {
    try {
      HttpResponse<String> response =
          http.send(builder.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
