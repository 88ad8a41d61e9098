// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.jaeger;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assertions;

/**
 * A running Jaeger that keeps its traces in memory. It ends with this JVM, however that ends. What
 * was sent is found a moment later.
 */
public final class Jaeger implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Path program;
  private final Path data;
  private final Addresses addresses;
  private final HttpClient http = HttpClient.newHttpClient();

  private Jaeger(Path program, Path data, Addresses addresses) {
    this.program = program;
    this.data = data;
    this.addresses = addresses;
  }

  private record Addresses(URI query, URI otlpHttp, URI otlpGrpc) {
    static Addresses of(String reported) {
      return new Addresses(
          after("User interface and query API: ", reported),
          after("OTLP/HTTP: ", reported),
          after("OTEL_EXPORTER_OTLP_ENDPOINT=", reported));
    }

    private static URI after(String words, String reported) {
      return reported
          .lines()
          .filter(line -> line.startsWith(words))
          .map(line -> URI.create(line.substring(words.length())))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no '" + words + "' in: " + reported));
    }
  }

  static Jaeger start(Path program) {
    try {
      Path target = Files.createDirectories(Path.of("target"));
      Path data = Files.createTempDirectory(target, "jaeger-").toAbsolutePath();
      Command up =
          Command.run(
              List.of(
                  Programs.script("jaeger"),
                  "up",
                  "--dir",
                  data.toString(),
                  "--owner",
                  Long.toString(ProcessHandle.current().pid())),
              "");
      return new Jaeger(program, data, Addresses.of(up.succeeded().out()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program, which is an OpenTelemetry Collector as well. */
  public Path program() {
    return program;
  }

  /** Value of {@code OTEL_EXPORTER_OTLP_ENDPOINT} with the protocol {@code grpc}. */
  public URI otlpGrpc() {
    return addresses.otlpGrpc();
  }

  /** Value of {@code OTEL_EXPORTER_OTLP_ENDPOINT} with the protocol {@code http/protobuf}. */
  public URI otlpHttp() {
    return addresses.otlpHttp();
  }

  /** The services that have sent spans ({@code service.name} of their resource). */
  public List<String> services() {
    List<String> names = new ArrayList<>();
    data("/api/services").forEach(name -> names.add(name.getAsString()));
    return names;
  }

  /** All spans of one trace, empty when it is not there. */
  public List<TraceSpan> trace(String traceId) {
    return spans("/api/traces/" + traceId);
  }

  /**
   * Reads one trace until its spans are as wanted and returns them; fails after 60 s with what was
   * there last.
   */
  public List<TraceSpan> trace(String traceId, Predicate<List<TraceSpan>> wanted) {
    long end = System.nanoTime() + LIMIT.toNanos();
    List<TraceSpan> spans = trace(traceId);
    while (!wanted.test(spans) && System.nanoTime() < end) {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      spans = trace(traceId);
    }
    List<TraceSpan> last = spans;
    Assertions.assertTrue(
        wanted.test(last), () -> "trace " + traceId + " after " + LIMIT + ": " + last);
    return last;
  }

  /**
   * The spans of the service's newest traces, whole traces, at most so many.
   *
   * @param operation the name that a span of the trace must have; empty for any
   */
  public List<TraceSpan> traces(String service, String operation, int limit) {
    String query = "service=" + encoded(service) + "&limit=" + limit + "&lookback=1h";
    return spans(
        "/api/traces?" + query + (operation.isEmpty() ? "" : "&operation=" + encoded(operation)));
  }

  /**
   * The spans of the service's newest traces, whole traces, at most so many.
   *
   * @param operation the name that a span of the trace must have
   * @param tags what that span must carry, by name
   */
  public List<TraceSpan> traces(
      String service, String operation, Map<String, String> tags, int limit) {
    return spans(
        "/api/traces?service=%s&operation=%s&tags=%s&limit=%d&lookback=1h"
            .formatted(
                encoded(service), encoded(operation), encoded(new Gson().toJson(tags)), limit));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private List<TraceSpan> spans(String path) {
    List<TraceSpan> spans = new ArrayList<>();
    for (JsonElement trace : data(path)) {
      spans.addAll(TraceSpan.allOf(trace.getAsJsonObject()));
    }
    return spans;
  }

  private JsonArray data(String path) {
    try {
      HttpResponse<String> reply =
          http.send(
              HttpRequest.newBuilder(addresses.query().resolve(path)).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString());
      if (reply.statusCode() == 404) {
        return new JsonArray();
      }
      if (reply.statusCode() != 200) {
        throw new IllegalStateException(path + ": " + reply.statusCode() + " " + reply.body());
      }
      JsonObject body = JsonParser.parseString(reply.body()).getAsJsonObject();
      return body.get("data").isJsonArray() ? body.getAsJsonArray("data") : new JsonArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the process. */
  @Override
  public void close() {
    Command.run(List.of(Programs.script("jaeger"), "down", "--dir", data.toString()), "")
        .succeeded();
  }
}
