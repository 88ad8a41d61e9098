// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Events as lines of text. */
public final class EventText {
  private static final Map<String, Style> STYLES =
      Map.ofEntries(
          Map.entry("WARMUP_DONE", Style.GOOD),
          Map.entry("WARMUP_TIMED_OUT", Style.NOTICE),
          Map.entry("WARMUP_LOST", Style.BAD),
          Map.entry("ROLLOUT_COMPLETE", Style.GOOD),
          Map.entry("ROLLOUT_FAILING", Style.NOTICE),
          Map.entry("ROLLING_BACK", Style.BAD),
          Map.entry("ROLLED_BACK", Style.BAD),
          Map.entry("WarmedUp", Style.GOOD),
          Map.entry("WarmUpTimedOut", Style.NOTICE),
          Map.entry("WarmUpLost", Style.BAD),
          Map.entry("RolloutComplete", Style.GOOD),
          Map.entry("RolloutFailing", Style.NOTICE),
          Map.entry("RollingBack", Style.BAD),
          Map.entry("RolledBack", Style.BAD));

  /** The widest of most types and names, so that the columns of a stream stay where they are. */
  private static final String LINE = "%-20s   %-18s   %-20s   %s";

  private EventText() {}

  public static List<String> table(List<JsonObject> events, TextFormat format) {
    Table table =
        Table.of(
            Column.of("TIME"),
            Column.of("EVENT"),
            Column.of("OBJECT"),
            Column.wide("POLICY"),
            Column.wide("CONFIG"),
            Column.wide("EPOCH"),
            Column.wide("TRACE"),
            Column.of("MESSAGE"));
    for (JsonObject event : events) {
      String type = text(event, "type");
      table.row(
          List.of(
              Cell.of(time(event)),
              new Cell(type, STYLES.getOrDefault(type, Style.PLAIN)),
              Cell.orDash(object(event)),
              Cell.orDash(text(event, "policy")),
              Cell.orDash(text(event, "configVersion")),
              Cell.orDash(text(event, "epoch")),
              Cell.orDash(text(event, "traceId")),
              Cell.of(text(event, "message"))));
    }
    return table.lines(format);
  }

  /** One event of a stream. */
  public static String line(JsonObject event, TextFormat format) {
    return format.fitted(
        LINE.formatted(
            time(event),
            text(event, "type"),
            Cell.orDash(object(event)).text(),
            text(event, "message")));
  }

  private static String object(JsonObject event) {
    String node = text(event, "node");
    String policy = text(event, "policy");
    return node.isEmpty() && !policy.isEmpty() ? "policy " + policy : node;
  }

  private static String time(JsonObject event) {
    return Instant.parse(text(event, "at")).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String text(JsonObject event, String field) {
    return event.has(field) ? event.get(field).getAsString() : "";
  }
}
