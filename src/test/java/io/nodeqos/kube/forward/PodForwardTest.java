// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PodForwardTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private ForwardingServer api;
  private HttpServer pod;

  @BeforeEach
  void start() throws IOException {
    api = new ForwardingServer();
    pod = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pod.createContext(
        "/large",
        exchange -> {
          byte[] body = "0123456789".repeat(100_000).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    pod.createContext(
        "/slow",
        exchange -> {
          // Sent only once the client is gone.
        });
    pod.setExecutor(Executors.newCachedThreadPool());
    pod.start();
    api.pod("qos-0", pod.getAddress().getPort());
  }

  @AfterEach
  void stop() throws IOException {
    api.close();
    pod.stop(0);
  }

  private OkHttpClient client(String name, Duration timeout) {
    ApiEndpoint client =
        new ApiEndpoint(new OkHttpClient(), "http://127.0.0.1:" + api.port(), "test");
    return new PodForward(client, TimeSource.system())
        .client(new PodAddress("ns", name, 8081), timeout);
  }

  private static String get(OkHttpClient http, String path) throws IOException {
    try (Response response =
        http.newCall(new Request.Builder().url("http://127.0.0.1:8081" + path).build()).execute()) {
      return response.body().string();
    }
  }

  private String failure(String name) {
    return assertThrows(IOException.class, () -> get(client(name, TIMEOUT), "/")).getMessage();
  }

  @Test
  void answerOfThePodArrivesWhole() throws IOException {
    OkHttpClient http = client("qos-0", TIMEOUT);
    assertEquals(1_000_000, get(http, "/large").length());
    assertEquals(1_000_000, get(http, "/large").length());
    assertEquals("GET /api/v1/namespaces/ns/pods/qos-0/portforward?ports=8081", api.seen.get(0));
  }

  @Test
  void refusalOfTheApiServerIsReportedInItsWords() {
    api.refuse(403, "pods is forbidden: User x cannot get resource pods/portforward");
    assertEquals(
        "HTTP 403: pods is forbidden: User x cannot get resource pods/portforward",
        failure("qos-0"));
  }

  @Test
  void podThatDoesNotExistIsReported() {
    assertEquals("HTTP 404: pods not found", failure("qos-1"));
  }

  @Test
  void portOnWhichNothingListensIsReportedByTheKubelet() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    api.pod("qos-2", free);
    assertTrue(failure("qos-2").startsWith("error forwarding port: "), failure("qos-2"));
  }

  @Test
  void apiServerThatIsGoneIsReported() throws IOException {
    OkHttpClient http = client("qos-0", TIMEOUT);
    api.close();
    String why = assertThrows(IOException.class, () -> get(http, "/")).getMessage();
    assertTrue(why.startsWith("no connection to the API server's address"), why);
  }

  @Test
  void podThatDoesNotAnswerInTimeEndsTheWait() {
    OkHttpClient http = client("qos-0", Duration.ofMillis(300));
    assertThrows(IOException.class, () -> get(http, "/slow"));
  }
}
