// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads from Jaeger's query API, in its first format, which every version supports. */
public final class JaegerQuery {
  /** Clocks differ. */
  private static final Duration AHEAD = Duration.ofSeconds(10);

  private static final Duration LOOKBACK = Duration.ofDays(30);
  private static final int BOOTS = 50;

  private final JaegerSource jaeger;

  JaegerQuery(JaegerSource jaeger) {
    this.jaeger = jaeger;
  }

  /**
   * @param jaeger the address of its user interface
   */
  public static JaegerQuery at(URI jaeger) {
    return new JaegerQuery(new JaegerAddress(jaeger));
  }

  /** The last warm-up of a node that has ended, of the last thirty days. */
  public Optional<Trace> warmUp(String service, String node, Instant now)
      throws IOException, InterruptedException {
    String query =
        "/api/traces?service=%s&operation=%s&tags=%s&limit=%d&start=%d&end=%d"
            .formatted(
                encoded(service),
                encoded("warm up node"),
                encoded(new Gson().toJson(Map.of("k8s.node.name", node))),
                BOOTS,
                micros(now.minus(LOOKBACK)),
                micros(now.plus(AHEAD)));
    return traces(query).stream().max(Comparator.comparing(Trace::start));
  }

  /** The trace with this id. */
  Optional<Trace> trace(String id) throws IOException, InterruptedException {
    return traces("/api/traces/" + encoded(id)).stream().findFirst();
  }

  private List<Trace> traces(String query) throws IOException, InterruptedException {
    JaegerSource.Answer reply = jaeger.get(query);
    if (reply.status() == 404) {
      return List.of();
    }
    if (reply.status() != 200) {
      throw new IOException("HTTP " + reply.status());
    }
    try {
      List<Trace> traces = new ArrayList<>();
      JsonObject body = JsonParser.parseString(reply.body()).getAsJsonObject();
      if (body.get("data") instanceof JsonArray data) {
        for (JsonElement trace : data) {
          traces.add(Trace.of(trace.getAsJsonObject()));
        }
      }
      return traces;
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("the answer is not that of Jaeger's query API", e);
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
