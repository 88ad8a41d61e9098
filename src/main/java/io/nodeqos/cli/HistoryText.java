// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** A history as an aligned table. */
final class HistoryText {
  private static final List<String> TITLES =
      List.of("TIME", "WHAT", "EPOCH", "LEADER", "CONFIG", "TRACE", "MESSAGE");
  private static final int WHAT_COLUMN = 1;

  /** Transitions that may need attention stand out. */
  private static final Map<String, String> STYLES =
      Map.of("WARMUP_DONE", "green", "WARMUP_TIMED_OUT", "yellow", "WARMUP_LOST", "red");

  private final Ansi ansi;

  /**
   * @param ansi whether to use colours
   */
  HistoryText(Ansi ansi) {
    this.ansi = ansi;
  }

  List<String> lines(JsonArray transitions) {
    if (transitions.isEmpty()) {
      return List.of();
    }
    List<List<String>> rows = new ArrayList<>(List.of(TITLES));
    for (JsonElement transition : transitions) {
      rows.add(row(transition.getAsJsonObject()));
    }
    return rows.stream().map(row -> line(row, widths(rows))).toList();
  }

  private static List<String> row(JsonObject t) {
    String holder = text(t, "leader");
    int uid = holder.indexOf('_');
    String message = text(t, "message");
    return List.of(
        Instant.parse(text(t, "at")).truncatedTo(ChronoUnit.SECONDS).toString(),
        text(t, "type"),
        text(t, "epoch").equals("0") ? "-" : text(t, "epoch"),
        orDash(uid < 0 ? holder : holder.substring(0, uid)),
        orDash(text(t, "configVersion")),
        orDash(text(t, "traceId")),
        (text(t, "rebuilt").equals("true") ? "(read off the Node) " : "") + message);
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String text(JsonObject t, String field) {
    return t.get(field).getAsString();
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[TITLES.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return widths;
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      boolean last = column == widths.length - 1;
      String padding = last ? "" : " ".repeat(widths[column] - cell.length() + 2);
      String style = column == WHAT_COLUMN ? STYLES.getOrDefault(cell, "") : "";
      line.append(
              style.isEmpty() || !ansi.enabled()
                  ? cell
                  : ansi.string("@|" + style + " " + cell + "|@"))
          .append(padding);
    }
    return line.toString();
  }
}
