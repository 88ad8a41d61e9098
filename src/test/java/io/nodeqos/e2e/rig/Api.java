// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

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
public final class Api {
  public static final String MERGE = "application/merge-patch+json";
  public static final String STRATEGIC = "application/strategic-merge-patch+json";
  private static final String JSON = "application/json";

  private final HttpClient http;
  private final URI server;
  private final String token;
  private final String accept;

  private Api(HttpClient http, URI server, String token, String accept) {
    this.http = http;
    this.server = server;
    this.token = token;
    this.accept = accept;
  }

  public static Api of(ControlPlane plane, String token) {
    return new Api(
        HttpClient.newBuilder()
            .sslContext(plane.tls())
            .connectTimeout(Duration.ofSeconds(10))
            .build(),
        plane.server(),
        token,
        JSON);
  }

  /** The same over the same connection, with answers of this media type. */
  public Api accepting(String type) {
    return new Api(http, server, token, type);
  }

  public static Api admin(ControlPlane plane) {
    return of(plane, plane.token());
  }

  /** The answer of the server. */
  public record Reply(int code, HttpHeaders headers, String body) {
    public JsonObject json() {
      return JsonParser.parseString(body).getAsJsonObject();
    }

    public Reply succeeded() {
      Assertions.assertEquals(2, code / 100, () -> code + ": " + body);
      return this;
    }
  }

  public Reply send(String method, String path, String type, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .header("Accept", accept)
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

  public Reply get(String path) {
    return send("GET", path, JSON, "");
  }

  public Reply post(String path, String body) {
    return send("POST", path, JSON, body);
  }

  public Reply delete(String path) {
    return send("DELETE", path, JSON, "");
  }

  public Reply merge(String path, String patch) {
    return send("PATCH", path, MERGE, patch);
  }

  public Reply strategic(String path, String patch) {
    return send("PATCH", path, STRATEGIC, patch);
  }

  /** Makes the ServiceAccount of pods, which no controller makes here, unless it is there. */
  public void defaultServiceAccount(String namespace) {
    Poll.until(
        "ServiceAccount of " + namespace,
        () ->
            post(
                    "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                    "{\"metadata\": {\"name\": \"default\"}}")
                .code(),
        code -> code == 201 || code == 409);
  }

  /** Makes a reserved namespace in which pods can be made. */
  public void reservedNamespace(String name) {
    post(
            "/api/v1/namespaces",
            """
            {"metadata": {"name": "%s", "labels": {"nodeqos.io/reserved": "true"}}}"""
                .formatted(name))
        .succeeded();
    defaultServiceAccount(name);
  }
}
