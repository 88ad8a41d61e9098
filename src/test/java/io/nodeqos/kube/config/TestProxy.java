// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy on this machine that leads every connection to one port here, whatever was asked for: so
 * names that do not exist can be asked for.
 */
public final class TestProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final boolean socks;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * The requests of clients: {@code CONNECT host:port}, with the header of a password behind it.
   */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  private TestProxy(ServerSocket server, int target, boolean socks) {
    this.server = server;
    this.target = target;
    this.socks = socks;
    threads.execute(this::accept);
  }

  public static TestProxy http(int target) throws IOException {
    return new TestProxy(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), target, false);
  }

  /** Reached by TLS itself. */
  public static TestProxy https(int target) throws IOException {
    return new TestProxy(
        TestPki.server("loopback")
            .getServerSocketFactory()
            .createServerSocket(0, 0, InetAddress.getLoopbackAddress()),
        target,
        false);
  }

  public static TestProxy socks5(int target) throws IOException {
    return new TestProxy(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), target, true);
  }

  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket other = new Socket(InetAddress.getLoopbackAddress(), target)) {
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      if (socks) {
        socks(in, out);
      } else {
        asked.add(head(in));
        out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
      threads.execute(() -> copy(other, client));
      in.transferTo(other.getOutputStream());
    } catch (IOException ended) {
      // By one of both sides.
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.close();
    } catch (IOException ended) {
      // By one of both sides.
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      head.write(in.read());
    }
    List<String> lines = head.toString(StandardCharsets.US_ASCII).lines().toList();
    return lines.get(0)
        + lines.stream()
            .filter(line -> line.startsWith("Proxy-Authorization"))
            .findFirst()
            .map(line -> " " + line)
            .orElse("");
  }

  /** RFC 1928, without authentication, to a name. */
  private void socks(InputStream in, OutputStream out) throws IOException {
    in.read();
    in.readNBytes(in.read());
    out.write(new byte[] {5, 0});
    out.flush();
    byte[] request = in.readNBytes(4);
    String host =
        request[3] == 3
            ? new String(in.readNBytes(in.read()), StandardCharsets.US_ASCII)
            : "address";
    int port = in.read() << 8 | in.read();
    asked.add("SOCKS " + host + ":" + port);
    out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
