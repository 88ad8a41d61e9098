// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExchangeThreadsTest {

  @Test
  void clientThatSendsHalfARequestIsCutOff() throws IOException {
    ExchangeThreads threads = new ExchangeThreads("test", Duration.ofMillis(50));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
      socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
      socket.getOutputStream().write("GET / HTT".getBytes(StandardCharsets.US_ASCII));
      assertEquals(-1, endOf(socket), "the connection is closed from the other side");
    } finally {
      server.stop(0);
      threads.stop();
    }
  }

  private static int endOf(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException e) {
      // A reset is an end as well; a time-out is another exception and fails the test.
      return -1;
    }
  }
}
