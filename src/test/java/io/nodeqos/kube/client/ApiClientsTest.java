// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.OpenFence;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
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
    return clients.write(new OpenFence(), callTimeout).getHttpClient();
  }

  @Test
  void watchMayLastAndADeadConnectionIsDetected() {
    OkHttpClient http = clients.watch().getHttpClient();

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
    assertFalse(clients.lease(Duration.ofSeconds(1)).getHttpClient().retryOnConnectionFailure());
  }

  @Test
  void socketsSendWithoutDelay() throws Exception {
    List<OkHttpClient> all =
        List.of(
            clients.watch().getHttpClient(),
            write(Duration.ofSeconds(1)),
            clients.lease(Duration.ofSeconds(1)).getHttpClient());
    for (OkHttpClient http : all) {
      try (Socket socket = http.socketFactory().createSocket()) {
        assertTrue(socket.getTcpNoDelay());
      }
    }
  }

  @Test
  void clientsDoNotShareConnectionLimits() {
    OkHttpClient lease = clients.lease(Duration.ofSeconds(2)).getHttpClient();

    assertEquals(2_000, lease.callTimeoutMillis());
    assertNotSame(lease.connectionPool(), write(Duration.ofSeconds(1)).connectionPool());
    assertNotSame(lease.connectionPool(), clients.watch().getHttpClient().connectionPool());
  }
}
