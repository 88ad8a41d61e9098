// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results for people: a Markdown table for each scenario. */
public final class BenchTable {
  private BenchTable() {}

  public static String of(String scenario, List<Sheet> sheets) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {scenario, "what", "value", "goal", ""});
    for (Sheet sheet : sheets) {
      String setup = sheet.setup();
      for (Figure figure : sheet.figures()) {
        rows.add(
            new String[] {
              setup,
              figure.name(),
              figure.text(),
              figure.goal().map(goal -> goal.text(figure.unit())).orElse(""),
              figure.goal().isEmpty() ? "" : figure.missed() ? "not met" : "met"
            });
        setup = "";
      }
      for (Count count : sheet.counts()) {
        rows.add(
            new String[] {
              setup,
              count.name(),
              Long.toString(count.value()),
              count.expected(),
              count.wrong() ? "WRONG" : "right"
            });
        setup = "";
      }
      rows.add(
          new String[] {
            setup,
            "machine before",
            String.format(
                Locale.ROOT,
                "load %.1f, %.1f cores busy",
                sheet.load().average(),
                sheet.load().busyCores()),
            "",
            ""
          });
    }
    return MarkdownTable.of(rows);
  }
}
