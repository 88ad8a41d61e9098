// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The SDK as it is set up, against collectors that work, are away, and hang. */
class TracingSetupTest {
  private static final TraceInstance INSTANCE =
      new TraceInstance("pod-1", "uid-1", "nodeqos-system", "1.2.3");
  private static final long LONG_NANOS = 60_000_000_000L;

  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private final List<String> properties = new ArrayList<>();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final CountDownLatch hangUp = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.nodeqos.telemetry");
  private final Logger sdkLogger = (Logger) LoggerFactory.getLogger("io.opentelemetry");
  private final Level levelBefore = logger.getLevel();
  private HttpServer collector;
  private Tracing tracing = Tracing.off();

  @BeforeEach
  void listen() {
    log.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
    sdkLogger.addAppender(log);
    property("otel.exporter.otlp.protocol", "http/protobuf");
    property("otel.bsp.schedule.delay", "50");
    property("otel.exporter.otlp.timeout", "1000");
    property("otel.java.exporter.otlp.retry.disabled", "true");
  }

  @AfterEach
  void stop() {
    hangUp.countDown();
    tracing.close();
    if (collector != null) {
      collector.stop(0);
    }
    threads.shutdownNow();
    logger.detachAppender(log);
    sdkLogger.detachAppender(log);
    logger.setLevel(levelBefore);
    properties.forEach(System::clearProperty);
  }

  @Test
  void tracingIsOffWithoutAnEndpoint() {
    start(Map.of("OTEL_SERVICE_NAME", "x", "OTEL_EXPORTER_OTLP_ENDPOINT", " "));
    assertFalse(tracing.isOn());
  }

  @ParameterizedTest
  @ValueSource(strings = {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"})
  void anyStandardVariableEnablesTracing(String variable) {
    start(Map.of(variable, "http://127.0.0.1:1"));
    assertTrue(tracing.isOn());
    assertEquals(List.of("Tracing enabled: endpoint=http://127.0.0.1:1"), logged(Level.INFO));
  }

  @Test
  void tracingCanBeDisabledWithAnEndpoint() {
    Map<String, String> endpoint = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
    property("otel.traces.exporter", "none");
    start(endpoint);
    assertFalse(tracing.isOn());
    property("otel.traces.exporter", "otlp");
    property("otel.sdk.disabled", "true");
    start(endpoint);
    assertFalse(tracing.isOn());
  }

  @Test
  void invalidVariablesDisableTracingWithAReason() {
    property("otel.exporter.otlp.protocol", "carrier pigeon");
    start(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
    assertFalse(tracing.isOn());
    assertEquals(1, logged(Level.WARN).size());
    assertTrue(logged(Level.WARN).get(0).contains("carrier pigeon"), logged(Level.WARN).get(0));
  }

  @Test
  void spansArriveWithTheNameOfTheProcess() throws IOException {
    endpoint(collector(0, false));
    tracing.event(TriggerKind.NODE, "node-1", "");
    await("a span arrives", () -> !received.isEmpty());
    String text = String.join("", received);
    for (String word :
        List.of("node event", "node-qos-controller", "pod-1", "uid-1", "nodeqos-system", "1.2.3")) {
      assertTrue(text.contains(word), word);
    }
    assertEquals(List.of(), logged(Level.WARN));
  }

  @Test
  void resourceNamesOfTheUserWin() throws IOException {
    property("otel.resource.attributes", "service.name=mine,k8s.pod.name=other");
    endpoint(collector(0, false));
    tracing.event(TriggerKind.NODE, "node-1", "");
    await("a span arrives", () -> !received.isEmpty());
    String text = String.join("", received);
    assertTrue(text.contains("mine") && text.contains("other"), text);
    assertFalse(text.contains("node-qos-controller") || text.contains("pod-1"), text);
  }

  @Test
  void stopSendsPendingSpans() throws IOException {
    property("otel.bsp.schedule.delay", "3600000");
    endpoint(collector(0, false));
    tracing.event(TriggerKind.NODE, "node-1", "");
    tracing.close();
    assertTrue(String.join("", received).contains("node event"));
  }

  @Test
  void unreachableCollectorIsReportedOnceAndItsReturnOnce() throws IOException {
    int port = freePort();
    endpoint(port);
    for (int failures = 1; failures <= 3; failures++) {
      int lost = failures;
      tracing.event(TriggerKind.NODE, "node-1", "");
      await("the span is lost", () -> dropped() >= lost);
    }
    assertEquals(1, logged(Level.WARN).size(), logged(Level.WARN).toString());
    assertTrue(
        logged(Level.WARN)
            .get(0)
            .startsWith("Traces not delivered to http://127.0.0.1:" + port + ", dropping"),
        logged(Level.WARN).get(0));
    collector(port, false);
    await(
        "it is back",
        () -> {
          tracing.event(TriggerKind.NODE, "node-1", "");
          return logged(Level.INFO).stream().anyMatch(l -> l.startsWith("Traces delivered again"));
        });
    assertEquals(1, logged(Level.WARN).size());
    assertEquals(2, logged(Level.INFO).size(), "where they go, and that it works again");
  }

  @Test
  void hangingCollectorDoesNotSlowReconciles() throws IOException {
    property("otel.bsp.max.queue.size", "64");
    property("otel.bsp.max.export.batch.size", "16");
    endpoint(collector(0, true));
    long begin = System.nanoTime();
    for (int i = 0; i < 5_000; i++) {
      tracing.event(TriggerKind.NODE, "node-1", "");
    }
    // Each batch of 16 hangs for a second: waiting for them would take minutes.
    assertTrue(System.nanoTime() - begin < LONG_NANOS);
    assertTrue(dropped() > 4_000, "dropped " + dropped());
    await("it is reported", () -> !logged(Level.WARN).isEmpty());
    long stopping = System.nanoTime();
    tracing.close();
    assertTrue(System.nanoTime() - stopping < LONG_NANOS, "the stop is bounded");
    assertEquals(1, logged(Level.WARN).stream().filter(l -> l.contains("not delivered")).count());
  }

  private void start(Map<String, String> environment) {
    tracing = new TracingSetup(environment, metrics.traces()).start(INSTANCE);
  }

  private void endpoint(int port) {
    property("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + port);
    start(Map.of());
  }

  private int collector(int port, boolean hangs) throws IOException {
    collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    collector.setExecutor(threads);
    collector.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          if (hangs) {
            awaitHangUp();
          }
          received.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    return collector.getAddress().getPort();
  }

  private void awaitHangUp() {
    try {
      hangUp.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private double dropped() {
    return metrics
        .scrape(null)
        .text()
        .lines()
        .filter(line -> line.startsWith("qos_trace_spans_dropped_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  private List<String> logged(Level level) {
    return List.copyOf(log.list).stream()
        .filter(e -> e.getLevel().equals(level))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private void property(String name, String value) {
    properties.add(name);
    System.setProperty(name, value);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void await(String description, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG_NANOS;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, "never: " + description);
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
