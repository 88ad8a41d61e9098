// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening socket and the paths it answers. */
final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  private static final Duration EXCHANGE_LIMIT = Duration.ofSeconds(10);

  private final HttpServer server;
  private final ExchangeThreads threads;
  private final StreamWriter streams;
  private final Map<String, Endpoint> endpoints;

  private Listener(HttpServer server, ExchangeThreads threads, Map<String, Endpoint> endpoints) {
    this.server = server;
    this.threads = threads;
    this.streams = new StreamWriter(threads, StreamWriter.HEARTBEAT);
    this.endpoints = endpoints;
  }

  /**
   * Listens and answers from now on.
   *
   * @throws IOException if it cannot listen on the address; the message names the address and the
   *     setting to change
   */
  static Listener start(InetSocketAddress address, String setting, Map<String, Endpoint> endpoints)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException | IllegalArgumentException e) {
      String where = address.getHostString() + ":" + address.getPort();
      throw new IOException(
          "cannot listen on " + where + " (setting " + setting + "): " + e.getMessage(), e);
    }
    ExchangeThreads threads = new ExchangeThreads(setting, EXCHANGE_LIMIT);
    Listener listener = new Listener(server, threads, new TreeMap<>(endpoints));
    server.createContext("/", listener::exchange);
    server.setExecutor(threads);
    server.start();
    return listener;
  }

  int port() {
    return server.getAddress().getPort();
  }

  void stop() {
    server.stop(0);
    threads.stop();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try (exchange) {
      Response response = response(exchange);
      response.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.getResponseHeaders().set("Content-Type", response.contentType());
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      if (response.stream().isPresent()) {
        stream(exchange, response.stream().get());
        return;
      }
      byte[] body = response.bytes();
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(response.status(), -1);
        return;
      }
      exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private void stream(HttpExchange exchange, EventStream stream) throws IOException {
    try (stream) {
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      // Of unknown length: chunked.
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        streams.write(stream, out);
      }
    }
  }

  private Response response(HttpExchange exchange) {
    URI uri = exchange.getRequestURI();
    String path = uri.getPath();
    Endpoint endpoint = path == null ? null : endpoints.get(path);
    if (endpoint == null) {
      return Response.text(404, "Not found. Known paths:\n" + String.join("\n", knownPaths()));
    }
    String method = exchange.getRequestMethod();
    boolean takesBody = endpoint.maxBody() > 0;
    if (takesBody ? !method.equals("POST") : !method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", takesBody ? "POST" : "GET, HEAD");
      return Response.text(
          405, "Only " + (takesBody ? "POST is" : "GET and HEAD are") + " allowed here.\n");
    }
    try {
      // One byte more shows that it is too large.
      byte[] body =
          takesBody ? exchange.getRequestBody().readNBytes(endpoint.maxBody() + 1) : new byte[0];
      if (body.length > endpoint.maxBody()) {
        return Response.text(413, "At most " + endpoint.maxBody() + " bytes are allowed here.\n");
      }
      return endpoint.answer(
          new Request(
              path,
              Request.query(uri.getRawQuery()),
              header(exchange, "Accept"),
              header(exchange, "Last-Event-ID"),
              new String(body, StandardCharsets.UTF_8)));
    } catch (Exception e) {
      LOG.error("Request to {} failed", path, e);
      return Response.text(500, "This view failed; see the log.\n");
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private List<String> knownPaths() {
    List<String> paths = new ArrayList<>(endpoints.keySet());
    paths.add("");
    return paths;
  }
}
