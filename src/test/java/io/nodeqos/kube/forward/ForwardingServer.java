// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An API server with given answers, or a kubelet: it forwards connections to pods, as WebSockets,
 * to a port of this machine.
 */
public final class ForwardingServer implements AutoCloseable {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** Of the requests: method, path, and query as sent. */
  public final List<String> seen = new CopyOnWriteArrayList<>();

  private final ServerSocket server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "forwarding-server");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> pods = new ConcurrentHashMap<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile Optional<Answer> refusal = Optional.empty();

  private record Answer(int status, String body) {}

  public ForwardingServer() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  /** On this socket, which may have TLS. */
  public ForwardingServer(ServerSocket server) {
    this.server = server;
    threads.execute(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** A kubeconfig for it. */
  public String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    current-context: it
    clusters: [{name: it, cluster: {server: "http://127.0.0.1:%d"}}]
    users: [{name: it, user: {}}]
    contexts: [{name: it, context: {cluster: it, user: it}}]
    """
        .formatted(port());
  }

  /** Answers a path, without its query, from now on. */
  public void answer(String path, int status, String body) {
    answers.put(path, new Answer(status, body));
  }

  /** Connections to this pod go to a port of this machine. */
  public void pod(String name, int port) {
    pods.put(name, port);
  }

  /** Refuses to forward. */
  public void refuse(int status, String message) {
    refusal = Optional.of(new Answer(status, status(status, message)));
  }

  public static String status(int status, String message) {
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":%d,\"message\":\"%s\"}"
        .formatted(status, message);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      List<String> head = head(in);
      if (head.isEmpty()) {
        return;
      }
      String[] first = head.get(0).split(" ");
      seen.add(first[0] + " " + first[1]);
      Map<String, String> headers = new HashMap<>();
      for (String line : head.subList(1, head.size())) {
        headers.put(
            line.substring(0, line.indexOf(':')).toLowerCase(),
            line.substring(line.indexOf(':') + 1).strip());
      }
      if (headers.containsKey("sec-websocket-key")) {
        forward(socket, in, first[1], headers);
      } else {
        Answer answer =
            answers.getOrDefault(
                first[1].replaceFirst("\\?.*", ""), new Answer(404, status(404, "not found")));
        write(socket.getOutputStream(), answer);
      }
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        if (line.length() == 0) {
          return lines;
        }
        lines.add(line.toString());
        line.setLength(0);
      } else if (c != '\r') {
        line.append((char) c);
      }
    }
    return List.of();
  }

  private static void write(OutputStream out, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    out.write(
        ("HTTP/1.1 %d Answer\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                .formatted(answer.status(), body.length))
            .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  /** Both APIs have the pod's name in their path: .../pods/NAME/portforward of the API server. */
  private void forward(Socket socket, DataInputStream in, String path, Map<String, String> headers)
      throws IOException {
    Optional<Integer> port =
        pods.keySet().stream().filter(path::contains).map(pods::get).findFirst();
    if (refusal.isPresent() || port.isEmpty()) {
      write(
          socket.getOutputStream(), refusal.orElse(new Answer(404, status(404, "pods not found"))));
      return;
    }
    OutputStream out = socket.getOutputStream();
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(headers.get("sec-websocket-key"))
                + "\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    frame(out, new byte[] {0, (byte) 0x91, 0x1f});
    frame(out, new byte[] {1, (byte) 0x91, 0x1f});
    try (Socket pod = new Socket(InetAddress.getLoopbackAddress(), port.get())) {
      threads.execute(() -> copy(pod, socket));
      for (byte[] frame = frame(in); frame != null; frame = frame(in)) {
        if (frame.length > 0 && frame[0] == 0) {
          pod.getOutputStream().write(frame, 1, frame.length - 1);
        }
      }
    } catch (IOException e) {
      byte[] text = ("\1error forwarding port: " + e.getMessage()).getBytes(StandardCharsets.UTF_8);
      frame(out, text);
    }
  }

  private static void copy(Socket from, Socket to) {
    byte[] bytes = new byte[4096];
    try {
      for (int n = from.getInputStream().read(bytes, 1, 4095);
          n >= 0;
          n = from.getInputStream().read(bytes, 1, 4095)) {
        byte[] message = new byte[n + 1];
        System.arraycopy(bytes, 1, message, 1, n);
        frame(to.getOutputStream(), message);
      }
      to.close();
    } catch (IOException e) {
      // One of them is gone.
    }
  }

  private static String accept(String key) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1")
                  .digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void frame(OutputStream out, byte[] content) throws IOException {
    synchronized (out) {
      out.write(0x82);
      if (content.length < 126) {
        out.write(content.length);
      } else {
        out.write(126);
        out.write(content.length >> 8);
        out.write(content.length & 0xff);
      }
      out.write(content);
      out.flush();
    }
  }

  /** Null at the end. */
  private static byte[] frame(DataInputStream in) throws IOException {
    int first = in.read();
    if (first < 0 || (first & 0xf) == 8) {
      return null;
    }
    long length = in.read() & 0x7f;
    length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
    byte[] mask = in.readNBytes(4);
    byte[] content = in.readNBytes((int) length);
    for (int i = 0; i < content.length; i++) {
      content[i] ^= mask[i % 4];
    }
    return (first & 0xf) <= 2 ? content : new byte[0];
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
