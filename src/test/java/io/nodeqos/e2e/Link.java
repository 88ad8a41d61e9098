// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The network between one replica and the server: what the replica sends can be held up on its way
 * and delivered later, also when the replica itself can no longer call it back.
 */
final class Link implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final InetSocketAddress server;
  private final ServerSocket entrance;
  private final ExecutorService threads = Executors.newCachedThreadPool(Link::daemon);
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean held;

  private Link(InetSocketAddress server, ServerSocket entrance) {
    this.server = server;
    this.entrance = entrance;
  }

  static Link to(URI server) {
    try {
      Link link =
          new Link(
              new InetSocketAddress(server.getHost(), server.getPort()),
              new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
      link.threads.execute(link::accept);
      return link;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "link");
    thread.setDaemon(true);
    return thread;
  }

  /** Where the replica finds the server. */
  URI address() {
    return URI.create("https://127.0.0.1:" + entrance.getLocalPort());
  }

  /** From now on nothing of the replica arrives. What the server sends does. */
  void hold() {
    held = true;
  }

  /** How much was sent and is held up. */
  long heldBytes() {
    return open.stream().mapToLong(Connection::heldBytes).sum();
  }

  /** Delivers what was held up, and what comes. */
  void release() {
    held = false;
    open.forEach(Connection::deliver);
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Connection connection = new Connection(entrance.accept(), new Socket());
        open.add(connection);
        threads.execute(connection::run);
      } catch (IOException e) {
        // Closed.
        return;
      }
    }
  }

  @Override
  public void close() {
    try {
      entrance.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Set.copyOf(open).forEach(Connection::close);
    threads.shutdownNow();
  }

  /** One connection of the replica, and the one that goes on from it to the server. */
  private final class Connection {
    private final Socket near;
    private final Socket far;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    Connection(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void run() {
      try {
        far.connect(server);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        threads.execute(() -> copy(far, this::answer));
        copy(near, this::send);
      } catch (IOException e) {
        // The server is away: the replica sees its connection end.
        close();
      }
    }

    private void copy(Socket from, Sink sink) {
      byte[] buffer = new byte[BUFFER];
      try {
        InputStream in = from.getInputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          sink.accept(buffer, count);
        }
      } catch (IOException e) {
        // One end is gone, so the other one goes as well.
      } finally {
        close();
      }
    }

    private void answer(byte[] buffer, int count) throws IOException {
      near.getOutputStream().write(buffer, 0, count);
    }

    private synchronized void send(byte[] buffer, int count) throws IOException {
      waiting.write(buffer, 0, count);
      if (!held) {
        waiting.writeTo(far.getOutputStream());
        waiting.reset();
      }
    }

    synchronized long heldBytes() {
      return held ? waiting.size() : 0;
    }

    synchronized void deliver() {
      try {
        waiting.writeTo(far.getOutputStream());
        waiting.reset();
      } catch (IOException e) {
        close();
      }
    }

    void close() {
      open.remove(this);
      try {
        near.close();
        far.close();
      } catch (IOException e) {
        // They are gone all the same.
      }
    }
  }

  private interface Sink {
    void accept(byte[] buffer, int count) throws IOException;
  }
}
