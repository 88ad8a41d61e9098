// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;

/** Plain requests with one bearer token. */
final class Api {
  static final String MERGE = "application/merge-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  private static final String JSON = "application/json";

  private final HttpClient http;
  private final URI server;
  private final String token;

  private Api(HttpClient http, URI server, String token) {
    this.http = http;
    this.server = server;
    this.token = token;
  }

  static Api of(ControlPlane plane, String token) {
    return new Api(
        HttpClient.newBuilder()
            .sslContext(plane.tls())
            .connectTimeout(Duration.ofSeconds(10))
            .build(),
        plane.server(),
        token);
  }

  static Api admin(ControlPlane plane) {
    return of(plane, plane.token());
  }

  /** What the server said. */
  record Reply(int code, HttpHeaders headers, String body) {
    JsonObject json() {
      return JsonParser.parseString(body).getAsJsonObject();
    }

    Reply succeeded() {
      Assertions.assertEquals(2, code / 100, () -> code + ": " + body);
      return this;
    }
  }

  Reply send(String method, String path, String type, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Reply get(String path) {
    return send("GET", path, JSON, "");
  }

  Reply post(String path, String body) {
    return send("POST", path, JSON, body);
  }

  Reply delete(String path) {
    return send("DELETE", path, JSON, "");
  }

  Reply merge(String path, String patch) {
    return send("PATCH", path, MERGE, patch);
  }

  Reply strategic(String path, String patch) {
    return send("PATCH", path, STRATEGIC, patch);
  }
}
