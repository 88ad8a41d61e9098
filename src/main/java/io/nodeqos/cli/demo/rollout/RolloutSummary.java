// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.rollout;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The result of the demo: that of the good change and that of the bad one. */
record RolloutSummary(RolloutResult good, RolloutResult bad) {
  /** True when the good change is complete and the bad one is taken back. */
  boolean asExpected() {
    return good.isComplete() && bad.isTakenBack();
  }

  /** The content of the summary file. */
  String toJson() {
    JsonObject rollout = new JsonObject();
    rollout.add("good", good.toJson());
    rollout.add("bad", bad.toJson());
    JsonObject json = new JsonObject();
    json.addProperty("nodes", good.nodes());
    json.add("rollout", rollout);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json) + "\n";
  }

  /** The aligned table, and the last sentence of each rollout. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        row(
            "CHANGE",
            "PHASE",
            "STEP",
            "UPDATED AT MOST",
            "ROLLED BACK",
            "FLAPS",
            "TIME",
            "WRITES TO NODES",
            "AFTER"));
    lines.add(row("good", good));
    lines.add(row("bad", bad));
    lines.add("");
    lines.add("good: " + good.end().message());
    lines.add("bad: " + bad.end().message());
    return lines;
  }

  private static String row(String name, RolloutResult result) {
    return row(
        name,
        result.end().phase().text(),
        result.end().progress().step() + "/" + result.end().progress().steps(),
        result.updatedAtMost() + "/" + result.nodes(),
        result.rolledBack(),
        result.flaps(),
        result.took().toSeconds() + "s",
        result.writes().during(),
        result.writes().after());
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-8s%-12s%6s%18s%15s%13s%8s%18s%9s", cells);
  }
}
