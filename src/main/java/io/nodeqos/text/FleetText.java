// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The state of all nodes, as {@code /snapshot} has it, as text. */
public final class FleetText {
  /** Says no more than the title of the table; a narrow terminal has no room for it. */
  private static final Pattern BLOCKERS =
      Pattern.compile("^The warm-up has (?:1 blocker: |(\\d+ blockers: ))");

  private final Instant now;
  private final TextFormat format;
  private final List<String> lines = new ArrayList<>();

  private FleetText(Instant now, TextFormat format) {
    this.now = now;
    this.format = format;
  }

  public static List<String> lines(JsonObject snapshot, Instant now, TextFormat format) {
    FleetText text = new FleetText(now, format);
    text.nodes(snapshot);
    text.orphans(snapshot);
    return text.lines;
  }

  private void nodes(JsonObject s) {
    if (s.get("nodes") instanceof JsonObject phases) {
      List<String> counts = new ArrayList<>();
      phases.entrySet().stream()
          .filter(e -> e.getValue().getAsInt() > 0)
          .forEach(e -> counts.add(e.getValue().getAsInt() + " " + e.getKey()));
      lines.add(row("nodes", counts.isEmpty() ? "none" : String.join(", ", counts)));
    }
    frozen(s);
    listed(s, "waiting");
    listed(s, "pending");
  }

  private void listed(JsonObject s, String phase) {
    if (s.get(phase) == null || s.getAsJsonArray(phase).isEmpty()) {
      return;
    }
    Table table =
        Table.of(
            Column.of(phase.toUpperCase(Locale.ROOT)),
            Column.of("FOR"),
            Column.of("REASON"),
            Column.of("MESSAGE"));
    for (JsonElement element : s.getAsJsonArray(phase)) {
      JsonObject node = element.getAsJsonObject();
      table.row(
          node.get("node").getAsString(),
          ago(Instant.parse(node.get("since").getAsString())),
          node.get("reason").getAsString(),
          BLOCKERS.matcher(node.get("message").getAsString()).replaceFirst("$1"));
    }
    lines.add("");
    lines.addAll(table.lines(format));
  }

  private void frozen(JsonObject s) {
    if (!(s.get("frozen") instanceof JsonArray frozen)) {
      return;
    }
    String name = "frozen";
    for (JsonElement element : frozen) {
      JsonObject one = element.getAsJsonObject();
      String policy = one.get("policy").getAsString();
      String since = one.get("since").getAsString();
      String why =
          policy.isEmpty()
              ? "because the nodes are being deleted"
              : "because policy "
                  + policy
                  + " is "
                  + one.get("reason").getAsString().toLowerCase(Locale.ROOT)
                  + (since.isEmpty()
                      ? ""
                      : " since " + since + " (" + ago(Instant.parse(since)) + ")");
      lines.add(
          row(
              name,
              one.get("nodes").getAsInt() + " (" + one.get("warm").getAsInt() + " warm), " + why));
      name = "";
    }
  }

  /** Startup taints that no policy removes. */
  private void orphans(JsonObject s) {
    if (s.get("orphanTaints") == null || s.getAsJsonArray("orphanTaints").isEmpty()) {
      return;
    }
    Table table =
        Table.of(Column.of("TAINTED BY NO POLICY"), Column.of("FOR"), Column.of("TAINTS"));
    for (JsonElement element : s.getAsJsonArray("orphanTaints")) {
      JsonObject node = element.getAsJsonObject();
      List<String> taints = new ArrayList<>();
      node.getAsJsonArray("taints").forEach(t -> taints.add(t.getAsString()));
      table.row(
          node.get("node").getAsString(),
          ago(Instant.parse(node.get("since").getAsString())),
          String.join(", ", taints));
    }
    lines.add("");
    lines.addAll(table.lines(format));
  }

  private String ago(Instant then) {
    return Age.between(then, now);
  }

  private static String row(String name, String value) {
    return String.format("%-10s%s", name, value);
  }
}
