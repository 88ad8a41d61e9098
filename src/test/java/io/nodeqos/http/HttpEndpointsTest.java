// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointsTest {
  private static final HttpSettings FREE_PORTS = new HttpSettings("127.0.0.1", 0, 0);

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<Optional<String>> failure = new AtomicReference<>(Optional.empty());
  private final Checks live = new Checks("livez");
  private final Checks ready = new Checks("readyz");
  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private HttpEndpoints endpoints;

  @BeforeEach
  void start() throws IOException {
    live.add("workers", failure::get);
    endpoints =
        HttpEndpoints.start(
            FREE_PORTS,
            Map.of("/livez", live, "/readyz", ready, "/metrics", new MetricsEndpoint(metrics)),
            Map.of(
                "/snapshot",
                request -> Response.json("{\"role\":\"leader\"}"),
                "/broken",
                request -> {
                  throw new IllegalStateException("secret detail");
                },
                "/echo",
                request -> Response.text(200, request.query().toString()),
                "/sink",
                new Sink()));
  }

  /** Takes a body of at most 8 bytes. */
  private static final class Sink implements Endpoint {
    @Override
    public int maxBody() {
      return 8;
    }

    @Override
    public Response answer(Request request) {
      return Response.text(200, "got " + request.body());
    }
  }

  @AfterEach
  void stop() {
    endpoints.close();
  }

  @Test
  void onlyAnEndpointThatTakesABodyIsPosted() throws Exception {
    assertEquals("got policy", post("/sink", "policy").body());
    assertEquals(413, post("/sink", "123456789").statusCode());
    assertEquals(405, post("/snapshot", "x").statusCode());
    HttpResponse<String> get =
        client.send(
            HttpRequest.newBuilder(admin("/sink")).build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(405, get.statusCode());
    assertEquals("POST", get.headers().firstValue("Allow").orElse(""));
  }

  private URI admin(String path) {
    return URI.create("http://127.0.0.1:" + endpoints.adminPort() + path);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(admin(path)).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void passingProbeIsShortAndNamesEachCheckOnRequest() throws Exception {
    assertEquals("ok\n", get("/livez").body());
    HttpResponse<String> verbose = get("/livez?verbose");
    assertEquals(200, verbose.statusCode());
    assertEquals("[+]workers ok\nlivez check passed\n", verbose.body());
  }

  @Test
  void failingProbeNamesTheFailedCheckAndRecovers() throws Exception {
    failure.set(Optional.of("no worker made an attempt for 61 s"));
    HttpResponse<String> failed = get("/livez");
    assertEquals(503, failed.statusCode());
    assertEquals(
        "[-]workers failed: no worker made an attempt for 61 s\nlivez check failed\n",
        failed.body());
    failure.set(Optional.empty());
    assertEquals(200, get("/livez").statusCode());
  }

  @Test
  void laterCheckCountsAndAThrowingCheckFails() throws Exception {
    assertEquals(200, get("/readyz").statusCode());
    ready.add(
        "informers",
        () -> {
          throw new IllegalStateException("not built yet");
        });
    HttpResponse<String> response = get("/readyz");
    assertEquals(503, response.statusCode());
    assertTrue(response.body().startsWith("[-]informers failed: "), response.body());
  }

  @Test
  void metricsComeInTheFormatAskedFor() throws Exception {
    HttpResponse<String> plain = get("/metrics");
    assertTrue(contentType(plain).startsWith("text/plain; version=0.0.4"), contentType(plain));
    HttpResponse<String> open =
        send(
            request(endpoints.port(), "/metrics").header("Accept", "application/openmetrics-text"));
    assertTrue(contentType(open).startsWith("application/openmetrics-text"), contentType(open));
    assertTrue(open.body().endsWith("# EOF\n"), "a whole reply");
  }

  @Test
  void operatorsViewsAreOnTheSecondListenerOnly() throws Exception {
    HttpResponse<String> snapshot = send(request(endpoints.adminPort(), "/snapshot"));
    assertEquals("{\"role\":\"leader\"}", snapshot.body());
    assertEquals("application/json", contentType(snapshot));
    assertEquals(404, get("/snapshot").statusCode(), "not where a scraper may come from anywhere");
  }

  @Test
  void unknownPathListsTheKnownOnes() throws Exception {
    HttpResponse<String> response = get("/livez/more");
    assertEquals(404, response.statusCode());
    assertEquals("Not found. Known paths:\n/livez\n/metrics\n/readyz\n", response.body());
  }

  @Test
  void onlyGetAndHeadAreAllowed() throws Exception {
    HttpResponse<String> post =
        send(request(endpoints.port(), "/livez").POST(HttpRequest.BodyPublishers.ofString("x=1")));
    assertEquals(405, post.statusCode());
    assertEquals(Optional.of("GET, HEAD"), post.headers().firstValue("Allow"));
    HttpResponse<String> head =
        send(
            request(endpoints.port(), "/livez")
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertEquals(200, head.statusCode());
    assertEquals("", head.body());
    assertEquals(Optional.of("3"), head.headers().firstValue("Content-Length"));
  }

  @Test
  void throwingViewRevealsNoDetails() throws Exception {
    HttpResponse<String> response = send(request(endpoints.adminPort(), "/broken"));
    assertEquals(500, response.statusCode());
    assertEquals("This view failed; see the log.\n", response.body());
  }

  @Test
  void queryIsDecodedDespiteAStrayPercentSign() throws Exception {
    int port = endpoints.adminPort();
    assertEquals("{a=b c}", send(request(port, "/echo?a=b%20c")).body());
    assertTrue(
        raw(port, "GET /echo?a=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .startsWith("HTTP/1.1 400"),
        "refused by the server, not by us");
  }

  @Test
  void halfSentRequestsDelayNoOtherClient() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoints.port());
        socket.getOutputStream().write("GET /livez HTT".getBytes(StandardCharsets.US_ASCII));
        slow.add(socket);
      }
      assertEquals(200, get("/livez").statusCode(), "answered while fifty others dawdle");
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void portInUseIsReportedWithItsSettingAndLeavesNoSocketOpen() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int free = probe.getLocalPort();
      probe.close();
      HttpSettings clash = new HttpSettings("127.0.0.1", free, taken.getLocalPort());
      IOException e =
          assertThrows(IOException.class, () -> HttpEndpoints.start(clash, Map.of(), Map.of()));
      assertTrue(
          e.getMessage()
              .startsWith(
                  "cannot listen on 127.0.0.1:"
                      + taken.getLocalPort()
                      + " (setting http.adminPort): "),
          e.getMessage());
      new ServerSocket(free, 1, InetAddress.getLoopbackAddress()).close();
    }
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new HttpSettings("127.0.0.1", 65_536, 0));
    assertThrows(IllegalArgumentException.class, () -> new HttpSettings("127.0.0.1", 0, -1));
    assertThrows(IllegalArgumentException.class, () -> new HttpSettings("127.0.0.1", 81, 81));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(endpoints.port(), path));
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String contentType(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElseThrow();
  }

  private static String raw(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
