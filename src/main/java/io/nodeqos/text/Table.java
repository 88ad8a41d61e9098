// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table whose columns are as wide as their widest cell. A line that is longer than the terminal
 * is wide ends with an ellipsis, so the column that says most must not be the last one of many. Not
 * thread-safe.
 */
public final class Table {
  private static final int GAP = 3;

  private final List<Column> columns;
  private final List<List<Cell>> rows = new ArrayList<>();

  public Table(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  public static Table of(Column... columns) {
    return new Table(List.of(columns));
  }

  /** Adds a row with a cell for each column, also for those that only a wide table shows. */
  public Table row(List<Cell> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells for " + columns.size() + " columns");
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** Adds a row of plain texts. */
  public Table row(String... cells) {
    return row(Stream.of(cells).map(Cell::of).toList());
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The lines, the titles first; none for a table without rows. */
  public List<String> lines(TextFormat format) {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<Integer> shown =
        IntStream.range(0, columns.size())
            .filter(i -> format.wide() || !columns.get(i).onlyWide())
            .boxed()
            .toList();
    List<List<Cell>> all = new ArrayList<>();
    if (columns.stream().anyMatch(column -> !column.title().isEmpty())) {
      all.add(columns.stream().map(column -> Cell.of(column.title())).toList());
    }
    all.addAll(rows);
    int[] widths = new int[columns.size()];
    for (List<Cell> row : all) {
      for (int i : shown) {
        widths[i] = Math.max(widths[i], row.get(i).text().length());
      }
    }
    return all.stream().map(row -> line(row, shown, widths, format)).toList();
  }

  private String line(List<Cell> row, List<Integer> shown, int[] widths, TextFormat format) {
    List<Cell> pieces = new ArrayList<>();
    int blanks = 0;
    for (int i : shown) {
      Cell cell = row.get(i);
      int padding = widths[i] - cell.text().length();
      blanks += columns.get(i).right() ? padding : 0;
      // Blanks are only written before a text, so that no line ends with one.
      if (!cell.text().isEmpty()) {
        pieces.add(Cell.of(" ".repeat(blanks)));
        pieces.add(cell);
        blanks = 0;
      }
      blanks += columns.get(i).right() ? GAP : padding + GAP;
    }
    return joined(pieces, format);
  }

  private static String joined(List<Cell> pieces, TextFormat format) {
    int length = pieces.stream().mapToInt(piece -> piece.text().length()).sum();
    boolean cut = length > format.limit();
    int left = cut ? format.limit() - TextFormat.ELLIPSIS.length() : length;
    StringBuilder line = new StringBuilder();
    for (Cell piece : pieces) {
      String text = TextFormat.start(piece.text(), left);
      line.append(format.styled(piece.style(), text));
      left -= text.length();
    }
    return cut ? line.toString().stripTrailing() + TextFormat.ELLIPSIS : line.toString();
  }
}
