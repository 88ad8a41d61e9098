// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.node.value.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The state of one node, as {@code /snapshot?node=} has it, as text. */
public final class NodeText {
  private NodeText() {}

  public static List<String> lines(JsonObject state, Instant now, TextFormat format) {
    List<String> lines = new ArrayList<>();
    NodeFactLines facts = new NodeFactLines(format, lines);
    facts.add("node", text(state, "node"));
    facts.add("phase", phase(state, now));
    facts.add("reason", text(state, "reason"));
    facts.add("message", text(state, "message"));
    facts.add("problem", text(state, "problem"));
    if (state.get("config") instanceof JsonObject config) {
      config(config, facts);
    }
    if (state.get("queue") instanceof JsonObject queue) {
      facts.add("queue", queue(queue));
    }
    section(lines, gates(state).lines(format));
    section(lines, writes(state).lines(format));
    if (state.get("lastTransitions") instanceof JsonArray transitions) {
      section(lines, HistoryText.lines(transitions, format));
    }
    return lines;
  }

  private static void section(List<String> lines, List<String> more) {
    if (!more.isEmpty()) {
      lines.add("");
      lines.addAll(more);
    }
  }

  private static String phase(JsonObject state, Instant now) {
    String since = text(state, "since");
    if (since.isEmpty()) {
      return text(state, "phase");
    }
    return text(state, "phase")
        + " for "
        + Age.between(Instant.parse(since), now)
        + ", since "
        + seconds(since);
  }

  private static String seconds(String time) {
    return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static void config(JsonObject config, NodeFactLines facts) {
    facts.add("carries", text(config, "carried"));
    facts.add("wanted", text(config, "wanted"));
    facts.add("applied", text(config, "applied"));
    facts.add("suspended", text(config, "suspendedBy"));
    if (config.get("sources") instanceof JsonObject sources) {
      List<String> from = new ArrayList<>();
      sources
          .entrySet()
          .forEach(e -> from.add(e.getKey() + " of policy " + e.getValue().getAsString()));
      facts.add("from", String.join(", ", from));
    }
  }

  private static String queue(JsonObject queue) {
    List<String> parts = new ArrayList<>();
    String waiting = text(queue, "waiting");
    if (!waiting.isEmpty()) {
      parts.add("waits in lane " + waiting);
    }
    if (text(queue, "inFlight").equals("true")) {
      parts.add("is being reconciled");
    }
    if (!List.of("", "0").contains(text(queue, "failures"))) {
      parts.add(text(queue, "failures") + " failures");
    }
    String next = text(queue, "nextTryInMs");
    if (!next.isEmpty()) {
      parts.add("next in " + GoDuration.format(Duration.ofMillis(Long.parseLong(next))));
    }
    return String.join(", ", parts);
  }

  private static Table gates(JsonObject state) {
    Table table = Table.of(Column.of("GATE"), Column.of("STATE"), Column.of("REASON"));
    for (JsonObject gate : objects(state, "gates")) {
      Style style = text(gate, "open").equals("true") ? Style.GOOD : Style.NOTICE;
      table.row(
          List.of(
              Cell.of(text(gate, "name")),
              new Cell(text(gate, "state"), style),
              Cell.of(text(gate, "open").equals("true") ? "" : text(gate, "reason"))));
    }
    return table;
  }

  private static Table writes(JsonObject state) {
    Table table = Table.of(Column.of("LAST WRITES"), Column.of("PART"), Column.of("RESULT"));
    for (JsonObject write : objects(state, "lastWrites")) {
      table.row(seconds(text(write, "at")), text(write, "part"), text(write, "outcome"));
    }
    return table;
  }

  private static List<JsonObject> objects(JsonObject json, String field) {
    List<JsonObject> objects = new ArrayList<>();
    if (json.get(field) instanceof JsonArray array) {
      array.forEach(element -> objects.add(element.getAsJsonObject()));
    }
    return objects;
  }

  /** Empty when it is absent. */
  private static String text(JsonObject json, String field) {
    return json.get(field) instanceof JsonPrimitive value ? value.getAsString() : "";
  }
}
