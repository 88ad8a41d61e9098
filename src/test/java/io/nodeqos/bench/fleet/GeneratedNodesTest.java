// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GeneratedNodesTest {
  private static final String NODE =
      """
      {"metadata":{"name":"seed-1","uid":"u-1","resourceVersion":"77","annotations":{\
      "nodeqos.io/warmed-up-for":"u-1/boot-seed-1"}},"status":{"images":[{"sizeBytes":77}]}}""";

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    GeneratedNodes nodes = GeneratedNodes.like(NODE, "seed-1", "u-1", 5);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> nodes.answer(exchange, null));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private JsonObject get(String query) throws IOException {
    URI uri =
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/nodes" + query);
    try (var in = uri.toURL().openStream()) {
      return JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .getAsJsonObject();
    }
  }

  @Test
  void pagesHaveAllNodesOnce() throws IOException {
    JsonObject first = get("?limit=3");
    assertEquals(3, first.getAsJsonArray("items").size());
    JsonObject metadata = first.getAsJsonObject("metadata");
    JsonObject second = get("?limit=3&continue=" + metadata.get("continue").getAsString());
    JsonArray rest = second.getAsJsonArray("items");
    assertEquals(2, rest.size());
    assertEquals(false, second.getAsJsonObject("metadata").has("continue"));
    assertNotEquals(
        name(first.getAsJsonArray("items").get(2).getAsJsonObject()),
        name(rest.get(0).getAsJsonObject()));
  }

  @Test
  void listOfANameThatNoNodeHasIsTheVersionAlone() throws IOException {
    JsonObject list = get("?fieldSelector=metadata.name%3Dnodeqos.io.none");
    assertEquals(0, list.getAsJsonArray("items").size());
    assertEquals(
        get("?limit=1").getAsJsonObject("metadata").get("resourceVersion"),
        list.getAsJsonObject("metadata").get("resourceVersion"));
    assertEquals(false, list.getAsJsonObject("metadata").has("continue"));
  }

  @Test
  void eachNodeHasItsOwnNameUidAndVersion() throws IOException {
    JsonObject node = get("?limit=5").getAsJsonArray("items").get(4).getAsJsonObject();
    JsonObject metadata = node.getAsJsonObject("metadata");
    String uid = metadata.get("uid").getAsString();
    assertEquals("mass-1000004", name(node));
    assertEquals(
        uid + "/boot-" + name(node),
        metadata.getAsJsonObject("annotations").get("nodeqos.io/warmed-up-for").getAsString());
    assertEquals("1000000004", metadata.get("resourceVersion").getAsString());
    assertEquals("{\"images\":[{\"sizeBytes\":77}]}", node.get("status").toString());
  }

  private static String name(JsonObject node) {
    return node.getAsJsonObject("metadata").get("name").getAsString();
  }
}
