// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.jaeger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An OpenTelemetry Collector with {@code otel/collector.yaml}, on loopback. */
final class CollectorProcess implements AutoCloseable {
  static final Path CONFIG = Path.of("otel", "collector.yaml");
  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final URI otlpHttp;

  private CollectorProcess(Process process, URI otlpHttp) {
    this.process = process;
    this.otlpHttp = otlpHttp;
  }

  /** The variables that the configuration reads from the environment. */
  static Map<String, String> environment(Jaeger jaeger) {
    return Map.of("LISTEN_HOST", "127.0.0.1", "JAEGER_ENDPOINT", jaeger.otlpGrpc().getAuthority());
  }

  /**
   * Starts one that sends to this Jaeger.
   *
   * @param settings what replaces settings of the file, such as {@code processors::batch::timeout:
   *     1s}
   */
  static CollectorProcess start(Jaeger jaeger, Path directory, String... settings) {
    int port = freePort();
    List<String> command =
        new ArrayList<>(List.of(jaeger.program().toString(), "--config=" + CONFIG));
    command.add("--config=yaml:receivers::otlp::protocols::grpc::endpoint: 127.0.0.1:0");
    command.add("--config=yaml:receivers::otlp::protocols::http::endpoint: 127.0.0.1:" + port);
    command.add("--config=yaml:service::telemetry::metrics::level: none");
    for (String setting : settings) {
      command.add("--config=yaml:" + setting);
    }
    Path log = directory.resolve("collector.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment(jaeger));
    try {
      CollectorProcess collector =
          new CollectorProcess(builder.start(), URI.create("http://127.0.0.1:" + port));
      collector.awaitOpen(log);
      return collector;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitOpen(Path log) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!isOpen()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        close();
        throw new IllegalStateException("the Collector did not start: " + Files.readString(log));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private boolean isOpen() {
    try (Socket socket = new Socket(otlpHttp.getHost(), otlpHttp.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  URI otlpHttp() {
    return otlpHttp;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
