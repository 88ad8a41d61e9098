// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** A history as a table. */
public final class HistoryText {
  /** Transitions that may need attention stand out. */
  private static final Map<String, Style> STYLES =
      Map.of("WARMUP_DONE", Style.GOOD, "WARMUP_TIMED_OUT", Style.NOTICE, "WARMUP_LOST", Style.BAD);

  private HistoryText() {}

  public static List<String> lines(JsonArray transitions, TextFormat format) {
    Table table =
        Table.of(
            Column.of("TIME"),
            Column.of("TRANSITION"),
            Column.wide("CONFIG"),
            Column.wide("EPOCH"),
            Column.wide("LEADER"),
            Column.wide("TRACE"),
            Column.of("MESSAGE"));
    for (JsonElement transition : transitions) {
      table.row(row(transition.getAsJsonObject()));
    }
    return table.lines(format);
  }

  private static List<Cell> row(JsonObject t) {
    String holder = text(t, "leader");
    int uid = holder.indexOf('_');
    String type = text(t, "type");
    return List.of(
        Cell.of(Instant.parse(text(t, "at")).truncatedTo(ChronoUnit.SECONDS).toString()),
        new Cell(type, STYLES.getOrDefault(type, Style.PLAIN)),
        Cell.orDash(text(t, "configVersion")),
        Cell.of(text(t, "epoch").equals("0") ? "-" : text(t, "epoch")),
        Cell.orDash(uid < 0 ? holder : holder.substring(0, uid)),
        Cell.orDash(text(t, "traceId")),
        Cell.of(
            (text(t, "rebuilt").equals("true") ? "(read off the Node) " : "")
                + text(t, "message")));
  }

  private static String text(JsonObject t, String field) {
    return t.get(field).getAsString();
  }
}
