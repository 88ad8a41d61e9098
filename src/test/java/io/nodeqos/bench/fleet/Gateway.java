// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A way to the API server on which the requests about the collection of Nodes are answered
 * otherwise; all others pass. Plain HTTP on loopback.
 */
public final class Gateway implements AutoCloseable {
  private static final List<String> PASSED =
      List.of("Authorization", "Content-Type", "User-Agent", "traceparent");

  private final HttpServer server;
  private final ExecutorService threads;
  private final HttpClient http;
  private final URI target;

  private Gateway(HttpServer server, ExecutorService threads, HttpClient http, URI target) {
    this.server = server;
    this.threads = threads;
    this.http = http;
    this.target = target;
  }

  /** The server that answers lists and watches of Nodes. */
  interface Nodes {
    void answer(HttpExchange exchange, Gateway gateway) throws IOException;
  }

  public static Gateway start(ControlPlane plane, Nodes nodes) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      ExecutorService threads = Executors.newCachedThreadPool();
      Gateway gateway =
          new Gateway(
              server,
              threads,
              HttpClient.newBuilder().sslContext(plane.tls()).build(),
              plane.server());
      server.setExecutor(threads);
      server.createContext("/", exchange -> gateway.handle(exchange, nodes));
      server.start();
      return gateway;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange, Nodes nodes) throws IOException {
    try (exchange) {
      if (exchange.getRequestURI().getPath().equals("/api/v1/nodes")) {
        nodes.answer(exchange, this);
      } else {
        pass(exchange);
      }
    }
  }

  /** As if this were not there. */
  void pass(HttpExchange exchange) throws IOException {
    HttpResponse<InputStream> response =
        ask(exchange, exchange.getRequestHeaders().getFirst("Accept"));
    try (InputStream from = response.body()) {
      OutputStream to = begin(exchange, response);
      byte[] buffer = new byte[1 << 16];
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        to.write(buffer, 0, n);
        to.flush();
      }
    }
  }

  /**
   * What the server says to the request of an exchange.
   *
   * @param accept in which forms it may answer; null for any
   */
  HttpResponse<InputStream> ask(HttpExchange exchange, String accept) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    if (accept != null) {
      request.header("Accept", accept);
    }
    for (String name : PASSED) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Sends the head of an answer on. */
  static OutputStream begin(HttpExchange exchange, HttpResponse<?> response) throws IOException {
    response
        .headers()
        .firstValue("Content-Type")
        .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
    boolean empty = response.statusCode() == 204;
    exchange.sendResponseHeaders(response.statusCode(), empty ? -1 : 0);
    return exchange.getResponseBody();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
