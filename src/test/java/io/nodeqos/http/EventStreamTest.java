// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static final long PATIENCE = 60;

  private final QueuedStream stream = new QueuedStream();

  /** Sends the given events; a step without events is a heartbeat. */
  private static final class QueuedStream implements EventStream {
    final BlockingQueue<Optional<List<ServerSentEvent>>> steps = new LinkedBlockingQueue<>();
    final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public Optional<List<ServerSentEvent>> next(Duration longest) throws InterruptedException {
      Optional<List<ServerSentEvent>> step = steps.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
      return step == null ? Optional.of(List.of()) : step;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private HttpEndpoints endpoints() throws IOException {
    return HttpEndpoints.start(
        new HttpSettings("127.0.0.1", 0, 0),
        Map.of(),
        Map.of("/events", request -> Response.stream(stream)));
  }

  private static HttpRequest request(HttpEndpoints endpoints) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + endpoints.adminPort() + "/events"))
        .build();
  }

  @Test
  void eventsAreSentAtOnceAndTheStreamEndsCleanly() throws Exception {
    try (HttpEndpoints endpoints = endpoints()) {
      HttpResponse<InputStream> response =
          HttpClient.newHttpClient()
              .send(request(endpoints), HttpResponse.BodyHandlers.ofInputStream());
      assertEquals("text/event-stream", response.headers().firstValue("Content-Type").get());
      assertEquals("no-store", response.headers().firstValue("Cache-Control").get());
      try (InputStream in = response.body()) {
        assertEquals("retry: 3000\n\n", read(in, 13));
        stream.steps.add(Optional.of(List.of(new ServerSentEvent("a.1", "DONE", "{}"))));
        String event = "id: a.1\nevent: DONE\ndata: {}\n\n";
        assertEquals(event, read(in, event.length()), "before the next one has come");
        stream.steps.add(Optional.of(List.of(new ServerSentEvent("", "gap", "{}"))));
        assertEquals("event: gap\ndata: {}\n\n", read(in, 21));
        stream.steps.add(Optional.of(List.of()));
        assertEquals(": still here\n\n", read(in, 14));
        stream.steps.add(Optional.empty());
        assertEquals(-1, in.read());
      }
      assertTrue(stream.closed.await(PATIENCE, TimeUnit.SECONDS));
    }
  }

  private static String read(InputStream in, int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Test
  void heartbeatDetectsADisconnectedClient() throws Exception {
    ExchangeThreads threads = new ExchangeThreads("test", Duration.ofSeconds(PATIENCE));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (stream;
              exchange) {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
              new StreamWriter(threads, Duration.ofMillis(20)).write(stream, out);
            }
          }
        });
    server.setExecutor(threads);
    server.start();
    try {
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertTrue(socket.getInputStream().read() > 0);
      }
      assertTrue(stream.closed.await(PATIENCE, TimeUnit.SECONDS), "its place is free again");
    } finally {
      server.stop(0);
      threads.stop();
    }
  }

  @Test
  void limitOfAnExchangeAppliesToEachStepOfAStream() throws Exception {
    ExchangeThreads threads = new ExchangeThreads("test", Duration.ofMillis(50));
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch ran = new CountDownLatch(1);
    threads.execute(
        () -> {
          try {
            threads.renew(Duration.ofSeconds(PATIENCE));
            Thread.sleep(200);
            ran.countDown();
            threads.renew(Duration.ofMillis(50));
            Thread.sleep(TimeUnit.SECONDS.toMillis(PATIENCE));
          } catch (InterruptedException cut) {
            interrupted.countDown();
          }
        });
    assertTrue(ran.await(PATIENCE, TimeUnit.SECONDS), "longer than an exchange may take");
    assertTrue(interrupted.await(PATIENCE, TimeUnit.SECONDS));
    threads.stop();
  }

  @Test
  void stopEndsAStreamAtOnce() throws Exception {
    HttpEndpoints endpoints = endpoints();
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient()
            .send(request(endpoints), HttpResponse.BodyHandlers.ofInputStream());
    read(response.body(), 13);
    endpoints.close();
    assertTrue(stream.closed.await(12, TimeUnit.SECONDS), "before the next heartbeat");
  }

  @Test
  void headRequestOfAStreamGetsHeadersOnly() throws Exception {
    try (HttpEndpoints endpoints = endpoints()) {
      HttpResponse<String> head =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(request(endpoints), (name, value) -> true)
                      .method("HEAD", HttpRequest.BodyPublishers.noBody())
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertEquals(200, head.statusCode());
      assertEquals("text/event-stream", head.headers().firstValue("Content-Type").get());
      assertTrue(stream.closed.await(PATIENCE, TimeUnit.SECONDS));
    }
  }

  @Test
  void fieldWithTwoLinesIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ServerSentEvent("", "gap", "a\nid: b"));
    assertThrows(IllegalArgumentException.class, () -> new ServerSentEvent("\r", "gap", ""));
  }
}
