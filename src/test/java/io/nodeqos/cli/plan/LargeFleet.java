// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nodeqos.bench.fleet.NodeTemplate;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API server with many nodes of three sizes, 20 KB each, and with the pods of two DaemonSets on
 * each of them. Objects are made as they are sent, so that no memory holds them. A dry run of a
 * policy is accepted as it is.
 */
final class LargeFleet implements AutoCloseable {
  private static final Pattern LIMIT = Pattern.compile("\\blimit=(\\d+)");
  private static final Pattern CONTINUE = Pattern.compile("\\bcontinue=(\\d+)");

  /** Stands for the name of each node. */
  static final String NODE_NAME = "node-name-1";

  private static final List<String> CPUS = List.of("16", "32", "64");
  private static final List<String> DAEMON_SETS = List.of("cni", "csi");
  private static final int NODE_BYTES = 20_000;

  private final int size;
  private final List<JsonObject> policies;
  private final List<JsonObject> nodes;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private LargeFleet(
      int size, List<JsonObject> policies, List<JsonObject> nodes, HttpServer server) {
    this.size = size;
    this.policies = policies;
    this.nodes = nodes;
    this.server = server;
  }

  /**
   * Starts the server.
   *
   * @param size the number of nodes
   * @param policies the manifests of its policies
   * @param nodes one of each size, sent under other names
   */
  static LargeFleet start(int size, List<String> policies, List<JsonObject> nodes)
      throws IOException {
    LargeFleet fleet =
        new LargeFleet(
            size,
            policies.stream().map(LargeFleet::stored).toList(),
            nodes,
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    fleet.server.setExecutor(fleet.threads);
    fleet.server.createContext("/", fleet::answer);
    fleet.server.start();
    return fleet;
  }

  /** A node of each size, which no controller has seen. */
  static List<JsonObject> bareNodes() {
    return CPUS.stream().map(LargeFleet::node).toList();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static JsonObject stored(String manifest) {
    JsonObject policy = JsonParser.parseString(manifest).getAsJsonObject();
    JsonObject metadata = policy.getAsJsonObject("metadata");
    metadata.addProperty("uid", "uid-" + metadata.get("name").getAsString());
    metadata.addProperty("resourceVersion", "7");
    metadata.addProperty("generation", 1);
    metadata.addProperty("creationTimestamp", "2026-01-01T00:00:00Z");
    return policy;
  }

  /** As the server sends it, with managedFields. */
  private static JsonObject node(String cpus) {
    JsonObject node =
        JsonParser.parseString(NodeTemplate.json(NODE_NAME, "fleet", true)).getAsJsonObject();
    node.getAsJsonObject("spec").remove("taints");
    node.getAsJsonObject("status").getAsJsonObject("capacity").addProperty("cpu", cpus);
    node.getAsJsonObject("status").getAsJsonObject("allocatable").addProperty("cpu", cpus);
    JsonObject metadata = node.getAsJsonObject("metadata");
    metadata.addProperty("uid", "uid-" + NODE_NAME);
    metadata.addProperty("resourceVersion", "9");
    metadata.addProperty("creationTimestamp", "2026-01-01T00:00:00Z");
    metadata.add("managedFields", managedFields(NODE_BYTES - node.toString().length()));
    return node;
  }

  private static JsonArray managedFields(int bytes) {
    JsonObject fields = new JsonObject();
    for (int i = 0; i < bytes / 44; i++) {
      fields.add("f:feature.node.kubernetes.io/feature-" + (10_000 + i), new JsonObject());
    }
    JsonObject entry = new JsonObject();
    entry.addProperty("manager", "kubelet");
    entry.add("fieldsV1", fields);
    JsonArray all = new JsonArray();
    all.add(entry);
    return all;
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
      if (exchange.getRequestMethod().equals("GET")) {
        list(exchange, out);
      } else {
        write(out, stored(exchange.getRequestMethod(), new String(body, StandardCharsets.UTF_8)));
      }
    }
  }

  private static String stored(String method, String body) {
    if (method.equals("POST")) {
      return body;
    }
    JsonObject replace = JsonParser.parseString(body).getAsJsonArray().get(0).getAsJsonObject();
    return "{\"spec\":" + replace.get("value") + "}";
  }

  private void list(HttpExchange exchange, OutputStream out) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (query.contains("labelSelector") || path.equals("/api/v1/pods")) {
      page(out, query, 0, i -> "");
    } else if (path.endsWith("/nodeqospolicies")) {
      page(out, query, policies.size(), i -> policies.get(i).toString());
    } else if (path.endsWith("/nodes")) {
      List<String> texts = nodes.stream().map(JsonObject::toString).toList();
      page(out, query, size, i -> texts.get(i % texts.size()).replace(NODE_NAME, name(i)));
    } else if (path.endsWith("/csinodes")) {
      page(out, query, size, LargeFleet::csiNode);
    } else if (path.endsWith("/namespaces")) {
      page(out, query, 1, LargeFleet::namespace);
    } else if (path.endsWith("/pods")) {
      page(out, query, size * DAEMON_SETS.size(), LargeFleet::pod);
    } else if (path.endsWith("/daemonsets")) {
      page(out, query, DAEMON_SETS.size(), LargeFleet::daemonSet);
    } else {
      page(out, query, 0, i -> "");
    }
  }

  private static void page(OutputStream out, String query, int size, IntFunction<String> item)
      throws IOException {
    int from = number(CONTINUE, query, 0);
    int to = Math.min(size, from + number(LIMIT, query, size));
    write(out, "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"1000\"");
    write(out, (to < size ? ",\"continue\":\"" + to + "\"" : "") + "},\"items\":[");
    for (int i = from; i < to; i++) {
      write(out, (i == from ? "" : ",") + item.apply(i));
    }
    write(out, "]}");
  }

  private static String name(int number) {
    return "node-" + (100_000 + number);
  }

  private static String namespace(int number) {
    return "{\"metadata\":{\"name\":\"kube-system\",\"uid\":\"ns\",\"resourceVersion\":\"8\"}}";
  }

  private static String csiNode(int number) {
    return """
        {"metadata":{"name":"%s","uid":"csi-%d","resourceVersion":"8"},
         "spec":{"drivers":[{"name":"csi.example.com"}]}}"""
        .formatted(name(number), number);
  }

  private static String daemonSet(int number) {
    String name = DAEMON_SETS.get(number);
    return """
        {"metadata":{"name":"%1$s","namespace":"kube-system","uid":"uid-%1$s",
                     "resourceVersion":"8","generation":1},
         "spec":{"template":{"metadata":{"labels":{"k8s-app":"%1$s"}},
                             "spec":{"tolerations":[{"operator":"Exists"}]}}}}"""
        .formatted(name);
  }

  private static String pod(int number) {
    String daemonSet = DAEMON_SETS.get(number % DAEMON_SETS.size());
    return """
        {"metadata":{"name":"%1$s-%2$d","namespace":"kube-system","uid":"pod-%2$d",
          "resourceVersion":"8","creationTimestamp":"2026-01-01T00:00:00Z",
          "labels":{"k8s-app":"%1$s"},
          "ownerReferences":[{"apiVersion":"apps/v1","kind":"DaemonSet","name":"%1$s",
                              "uid":"uid-%1$s","controller":true}]},
         "spec":{"nodeName":"%3$s","containers":[{"name":"main","resources":
           {"requests":{"cpu":"100m","memory":"128Mi"}}}]},
         "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True",
           "lastTransitionTime":"2026-11-02T09:00:30Z"}]}}"""
        .formatted(daemonSet, number, name(number / DAEMON_SETS.size()));
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static int number(Pattern pattern, String query, int otherwise) {
    Matcher found = pattern.matcher(query);
    return found.find() ? Integer.parseInt(found.group(1)) : otherwise;
  }
}
