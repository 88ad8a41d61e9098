// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One trace, as a tree that is read from top to bottom.
 *
 * @param start when its first span started
 * @param spans each below its parent, siblings by their start and then by their end; never empty
 */
public record Trace(String id, Instant start, List<Span> spans) {

  /**
   * One span.
   *
   * @param depth 0 for a root
   * @param from since the start of the trace
   * @param attributes numbers and booleans are text too
   */
  record Span(
      String id,
      String name,
      int depth,
      Duration from,
      Duration took,
      Map<String, String> attributes) {

    Duration until() {
      return from.plus(took);
    }

    boolean failed() {
      return "true".equals(attributes.get("error"));
    }

    String attribute(String key) {
      return attributes.getOrDefault(key, "");
    }

    /** Its name, and for a gate the name of the gate. */
    String title() {
      String gate = attribute("nodeqos.gate");
      return gate.isEmpty() ? name : "gate " + gate;
    }

    /** Further facts in a few words; mostly empty. */
    String note() {
      List<String> words = new ArrayList<>();
      String blocker = attribute("nodeqos.gate.blocker");
      add(words, title().endsWith(blocker) ? "" : blocker);
      add(words, attribute("http.response.status_code"));
      add(words, attribute("nodeqos.result"));
      String accuracy = attribute("nodeqos.gate.accuracy");
      add(words, accuracy.equals("first_seen") ? "open when first seen" : "");
      add(words, attribute("nodeqos.rollout.phase"));
      String updated = attribute("nodeqos.rollout.updated");
      add(words, updated.isEmpty() ? "" : updated + " nodes updated");
      add(words, attribute("otel.status_description"));
      return String.join(", ", words);
    }

    private static void add(List<String> words, String word) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
  }

  Span root() {
    return spans.get(0);
  }

  Duration took() {
    return spans.stream().map(Span::until).max(Comparator.naturalOrder()).orElseThrow();
  }

  /** The longest of the spans without children: it shows where the time went. */
  Optional<Span> longest() {
    List<Span> leaves = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      if (i + 1 == spans.size() || spans.get(i + 1).depth() <= spans.get(i).depth()) {
        leaves.add(spans.get(i));
      }
    }
    return leaves.stream().filter(leaf -> leaf.depth() > 0).max(Comparator.comparing(Span::took));
  }

  /** Reads a trace of Jaeger's query API, in its first format. */
  static Trace of(JsonObject json) {
    List<Raw> all = new ArrayList<>();
    json.getAsJsonArray("spans").forEach(span -> all.add(Raw.of(span.getAsJsonObject())));
    // All gates are awaited from the start: the last to open comes last.
    all.sort(Comparator.comparing(Raw::start).thenComparing(Raw::took));
    Set<String> ids = new HashSet<>();
    all.forEach(raw -> ids.add(raw.id()));
    List<Span> spans = new ArrayList<>();
    // A span whose parent was not sent, or not stored, is a root too.
    all.stream()
        .filter(raw -> !ids.contains(raw.parent()))
        .forEach(root -> add(root, 0, all, spans));
    return new Trace(json.get("traceID").getAsString(), all.get(0).start(), List.copyOf(spans));
  }

  private static void add(Raw raw, int depth, List<Raw> all, List<Span> spans) {
    spans.add(
        new Span(
            raw.id(),
            raw.name(),
            depth,
            Duration.between(all.get(0).start(), raw.start()),
            raw.took(),
            raw.attributes()));
    all.stream()
        .filter(child -> child.parent().equals(raw.id()))
        .forEach(child -> add(child, depth + 1, all, spans));
  }

  /** The machine-readable form. */
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("traceId", id);
    json.addProperty("start", start.toString());
    json.addProperty("durationMs", millis(took()));
    JsonArray list = new JsonArray();
    for (Span span : spans) {
      JsonObject one = new JsonObject();
      one.addProperty("spanId", span.id());
      one.addProperty("name", span.name());
      one.addProperty("depth", span.depth());
      one.addProperty("fromMs", millis(span.from()));
      one.addProperty("tookMs", millis(span.took()));
      one.addProperty("failed", span.failed());
      JsonObject attributes = new JsonObject();
      span.attributes().forEach(attributes::addProperty);
      one.add("attributes", attributes);
      list.add(one);
    }
    json.add("spans", list);
    return json;
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  /** A span before its place in the tree is known; {@code parent} is "" for a root. */
  private record Raw(
      String id,
      String parent,
      String name,
      Instant start,
      Duration took,
      Map<String, String> attributes) {

    static Raw of(JsonObject span) {
      Map<String, String> attributes = new TreeMap<>();
      for (JsonElement element : span.getAsJsonArray("tags")) {
        JsonObject tag = element.getAsJsonObject();
        attributes.put(tag.get("key").getAsString(), tag.get("value").getAsString());
      }
      return new Raw(
          span.get("spanID").getAsString(),
          parent(span),
          span.get("operationName").getAsString(),
          Instant.EPOCH.plus(span.get("startTime").getAsLong(), ChronoUnit.MICROS),
          Duration.of(span.get("duration").getAsLong(), ChronoUnit.MICROS),
          attributes);
    }

    /** Links are references too, to other traces or of another type. */
    private static String parent(JsonObject span) {
      for (JsonElement element : span.getAsJsonArray("references")) {
        JsonObject reference = element.getAsJsonObject();
        if (reference.get("refType").getAsString().equals("CHILD_OF")
            && reference.get("traceID").equals(span.get("traceID"))) {
          return reference.get("spanID").getAsString();
        }
      }
      return "";
    }
  }
}
