// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results for people: a Markdown table for each scenario. */
final class BenchTable {
  private BenchTable() {}

  static String of(String scenario, List<Sheet> sheets) {
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
    return render(rows);
  }

  private static String render(List<String[]> rows) {
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      text.append('|');
      for (int i = 0; i < columns; i++) {
        text.append(' ').append(rows.get(r)[i]);
        text.append(" ".repeat(widths[i] - rows.get(r)[i].length())).append(" |");
      }
      text.append('\n');
      if (r == 0) {
        text.append('|');
        for (int width : widths) {
          text.append("-".repeat(width + 2)).append('|');
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}
