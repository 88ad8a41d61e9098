// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.answer;

import com.google.gson.JsonObject;
import io.nodeqos.explain.answer.FleetExplanation.Group;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.text.Cell;
import io.nodeqos.text.Column;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Sums over nodes as text and as JSON. */
public final class FleetExplanationText {
  /** The kind of the JSON object. */
  public static final String KIND = "FleetExplanation";

  private static final int EXAMPLES = 3;

  private FleetExplanationText() {}

  public static List<String> lines(FleetExplanation e, TextFormat format) {
    List<String> lines = new ArrayList<>();
    lines.add(firstLine(e));
    if (!e.groups().isEmpty()) {
      lines.add("Next: nodeqos explain " + e.groups().get(0).nodes().get(0));
    }
    e.policyState().forEach(sentence -> lines.add(Cell.oneLine(sentence)));
    if (!e.groups().isEmpty()) {
      lines.add("");
      Table table =
          Table.of(
              Column.number("NODES"),
              Column.of("BLOCKER"),
              Column.of("REASON"),
              Column.of("OLDEST"),
              Column.of("EXAMPLES"));
      for (Group group : e.groups()) {
        table.row(
            Integer.toString(group.nodes().size()),
            group.blocker(),
            group.reason() + (group.detail().isEmpty() ? "" : " (" + group.detail() + ")"),
            group.since().map(since -> age(since, e.at())).orElse("-"),
            examples(group, format.wide()));
      }
      lines.addAll(table.lines(format));
    }
    if (!e.missing().isEmpty()) {
      lines.add("");
      lines.add("not known");
      e.missing().forEach(sentence -> lines.add("  " + Cell.oneLine(sentence)));
    }
    return lines;
  }

  private static String firstLine(FleetExplanation e) {
    String of = e.policy().isEmpty() ? "" : " of policy " + e.policy();
    if (e.nodes() == 0) {
      return e.policy().isEmpty()
          ? "The cluster has no nodes."
          : "No node follows policy " + e.policy() + ".";
    }
    return e.warm() == e.nodes()
        ? "All " + e.nodes() + " nodes" + of + " are warm."
        : (e.nodes() - e.warm())
            + " of "
            + e.nodes()
            + " nodes"
            + of
            + (e.nodes() - e.warm() == 1 ? " is not warm, for " : " are not warm, for ")
            + e.groups().size()
            + (e.groups().size() == 1 ? " reason." : " reasons.");
  }

  private static String age(Instant since, Instant now) {
    return since.isAfter(now)
        ? "0s"
        : GoDuration.format(Duration.ofSeconds(Duration.between(since, now).toSeconds()));
  }

  private static String examples(Group group, boolean all) {
    int shown = all ? group.nodes().size() : Math.min(EXAMPLES, group.nodes().size());
    return String.join(" ", group.nodes().subList(0, shown))
        + (shown < group.nodes().size() ? " ..." : "");
  }

  /** Without apiVersion and kind. */
  public static JsonObject json(FleetExplanation e) {
    JsonObject json = new JsonObject();
    if (!e.policy().isEmpty()) {
      json.addProperty("policy", e.policy());
    }
    json.add("policyState", ExplanationJson.texts(e.policyState()));
    json.addProperty("at", e.at().toString());
    json.addProperty("nodes", e.nodes());
    json.addProperty("warm", e.warm());
    json.add(
        "groups",
        ExplanationJson.array(e.groups().stream().map(FleetExplanationText::json).toList()));
    json.add("missing", ExplanationJson.texts(e.missing()));
    return json;
  }

  private static JsonObject json(Group group) {
    JsonObject json = new JsonObject();
    json.addProperty("blocker", group.blocker());
    json.addProperty("reason", group.reason());
    json.addProperty("detail", group.detail());
    json.addProperty("count", group.nodes().size());
    group.since().ifPresent(since -> json.addProperty("since", since.toString()));
    json.add("nodes", ExplanationJson.texts(group.nodes()));
    return json;
  }
}
