// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import java.util.List;

/** A table that is aligned as text and is Markdown, too. */
public final class MarkdownTable {
  private MarkdownTable() {}

  /**
   * Renders it.
   *
   * @param rows with as many cells each; the first one is the head
   */
  public static String of(List<String[]> rows) {
    return of(rows, rows.get(0).length);
  }

  /**
   * The same.
   *
   * @param left the number of first columns that are aligned to the left; the last column is, too
   */
  public static String of(List<String[]> rows, int left) {
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
        String cell = rows.get(r)[i];
        String space = " ".repeat(widths[i] - cell.length());
        boolean isLeft = i < left || i == columns - 1;
        text.append(' ').append(isLeft ? cell + space : space + cell).append(" |");
      }
      text.append('\n');
      if (r == 0) {
        text.append('|');
        for (int i = 0; i < columns; i++) {
          boolean isLeft = i < left || i == columns - 1;
          text.append("-".repeat(widths[i] + (isLeft ? 2 : 1))).append(isLeft ? "|" : ":|");
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}
