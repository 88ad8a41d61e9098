// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.OpenFence;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiClientsTest {
  private static final String NOWHERE = "https://127.0.0.1:1";

  @TempDir Path directory;

  private ApiClients clients;

  @BeforeEach
  void find() {
    clients = TestClients.clients(directory, NOWHERE);
  }

  private OkHttpClient write(Duration callTimeout) {
    return clients.write(new OpenFence(), callTimeout).http();
  }

  @Test
  void watchMayLastAndADeadConnectionIsDetected() {
    OkHttpClient http = clients.watch().http();

    assertEquals(0, http.callTimeoutMillis(), "no limit for a whole watch");
    assertEquals(10_000, http.pingIntervalMillis());
    assertEquals(5_000, http.connectTimeoutMillis());
  }

  @Test
  void writeHasTheShorterOfTwoTimeouts() {
    assertEquals(2_500, write(Duration.ofMillis(2_500)).callTimeoutMillis(), "of the election");
    assertEquals(10_000, write(Duration.ofMinutes(1)).callTimeoutMillis(), "of the settings");
  }

  @Test
  void clientRepeatsNoWrite() {
    assertFalse(write(Duration.ofSeconds(1)).retryOnConnectionFailure());
    assertFalse(clients.lease(Duration.ofSeconds(1)).http().retryOnConnectionFailure());
  }

  @Test
  void readIsSentAgainWhenTheServerHasClosedTheConnection() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CountDownLatch closed = new CountDownLatch(1);
      Thread serving =
          new Thread(
              () -> {
                answer(server);
                closed.countDown();
                answer(server);
              });
      serving.start();
      OkHttpClient http =
          TestClients.clients(directory, "http://127.0.0.1:" + server.getLocalPort())
              .read(Duration.ofSeconds(30))
              .http();
      Request request =
          new Request.Builder().url("http://127.0.0.1:" + server.getLocalPort() + "/").build();

      assertEquals("ok", body(http, request));
      assertTrue(closed.await(30, TimeUnit.SECONDS));
      assertEquals("ok", body(http, request));
      serving.join(30_000);
    }
  }

  private static String body(OkHttpClient http, Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      return response.body().string();
    }
  }

  /** One request; the connection is closed, and the client is not warned. */
  private static void answer(ServerSocket server) {
    try (Socket socket = server.accept()) {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      for (String line = lines.readLine(); line != null && !line.isEmpty(); ) {
        line = lines.readLine();
      }
      socket
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void readsShareConnections() {
    assertSame(clients.read(Duration.ofSeconds(1)), clients.read(Duration.ofSeconds(1)));
    assertEquals(2_000, clients.read(Duration.ofSeconds(2)).http().callTimeoutMillis());
  }

  @Test
  void socketsSendWithoutDelay() throws Exception {
    List<OkHttpClient> all =
        List.of(
            clients.watch().http(),
            write(Duration.ofSeconds(1)),
            clients.lease(Duration.ofSeconds(1)).http());
    for (OkHttpClient http : all) {
      try (Socket socket = http.socketFactory().createSocket()) {
        assertTrue(socket.getTcpNoDelay());
      }
    }
  }

  @Test
  void clientsDoNotShareConnectionLimits() {
    OkHttpClient lease = clients.lease(Duration.ofSeconds(2)).http();

    assertEquals(2_000, lease.callTimeoutMillis());
    assertNotSame(lease.connectionPool(), write(Duration.ofSeconds(1)).connectionPool());
    assertNotSame(lease.connectionPool(), clients.watch().http().connectionPool());
  }
}
