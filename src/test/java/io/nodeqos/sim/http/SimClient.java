// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Plain HTTP towards the embedded server, for tests of what only it has. */
final class SimClient {
  static final String NODES = "/api/v1/nodes";

  private final ApiServer server;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  SimClient(ApiServer server) {
    this.server = server;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> createNode(String name) throws IOException, InterruptedException {
    return send("POST", NODES, "application/json", node(name));
  }

  HttpResponse<String> label(String name, String value) throws IOException, InterruptedException {
    return send("PATCH", NODES + "/" + name, "application/merge-patch+json", labels(value));
  }

  CompletableFuture<HttpResponse<String>> labelLater(String name, String value) {
    return http.sendAsync(
        request(NODES + "/" + name)
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(labels(value)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    return http.send(
        request(path)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Reads a watch until it ends; the last line is "BROKEN" when the connection broke. */
  List<String> watchToTheEnd(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("BROKEN");
    }
    return lines;
  }

  static String node(String name) {
    return "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name + "\"}}";
  }

  private static String labels(String value) {
    return "{\"metadata\":{\"labels\":{\"a\":\"" + value + "\"}}}";
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.uri() + path)).header("User-Agent", "test/1");
  }
}
