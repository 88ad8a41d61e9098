// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.jaeger;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/**
 * Sends spans as OTLP/HTTP in JSON, written by hand: for tests of what receives them, which must
 * not depend on the SDK that the controller sends with.
 */
final class OtlpJson {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI traces;

  /**
   * @param endpoint scheme, host and port
   */
  OtlpJson(URI endpoint) {
    this.traces = endpoint.resolve("/v1/traces");
  }

  /** A span that began just now. */
  static JsonObject span(TraceSpan.Id id, String name, Duration duration) {
    Instant start = Instant.now();
    JsonObject span = new JsonObject();
    span.addProperty("traceId", id.trace());
    span.addProperty("spanId", id.span());
    span.addProperty("name", name);
    span.addProperty("kind", 1);
    span.addProperty("startTimeUnixNano", nanos(start));
    span.addProperty("endTimeUnixNano", nanos(start.plus(duration)));
    return span;
  }

  private static String nanos(Instant instant) {
    return Long.toString(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano());
  }

  static JsonObject withParent(JsonObject span, TraceSpan.Id parent) {
    span.addProperty("parentSpanId", parent.span());
    return span;
  }

  static JsonObject withLink(JsonObject span, TraceSpan.Id target) {
    JsonObject link = new JsonObject();
    link.addProperty("traceId", target.trace());
    link.addProperty("spanId", target.span());
    span.add("links", array(link));
    return span;
  }

  static JsonObject withAttributes(JsonObject span, Map<String, String> attributes) {
    JsonArray list = new JsonArray();
    attributes.forEach((key, value) -> list.add(attribute(key, value)));
    span.add("attributes", list);
    return span;
  }

  static JsonObject failed(JsonObject span, String description) {
    JsonObject status = new JsonObject();
    status.addProperty("code", 2);
    status.addProperty("message", description);
    span.add("status", status);
    return span;
  }

  /** Sends spans of one service; fails when they are not taken. */
  void send(String service, JsonObject... spans) {
    JsonObject scope = new JsonObject();
    scope.add("spans", array(spans));
    JsonObject resource = new JsonObject();
    resource.add("attributes", array(attribute("service.name", service)));
    JsonObject resourceSpans = new JsonObject();
    resourceSpans.add("resource", resource);
    resourceSpans.add("scopeSpans", array(scope));
    JsonObject body = new JsonObject();
    body.add("resourceSpans", array(resourceSpans));
    post(body.toString());
  }

  private void post(String body) {
    try {
      HttpResponse<String> reply =
          http.send(
              HttpRequest.newBuilder(traces)
                  .timeout(Duration.ofSeconds(10))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      Assertions.assertEquals(200, reply.statusCode(), reply::body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonObject attribute(String key, String value) {
    JsonObject text = new JsonObject();
    text.addProperty("stringValue", value);
    JsonObject attribute = new JsonObject();
    attribute.addProperty("key", key);
    attribute.add("value", text);
    return attribute;
  }

  private static JsonArray array(JsonObject... elements) {
    JsonArray array = new JsonArray();
    for (JsonObject element : elements) {
      array.add(element);
    }
    return array;
  }
}
