// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.preview.change.Change;
import io.nodeqos.preview.change.Change.On;
import io.nodeqos.preview.change.Change.Op;
import io.nodeqos.preview.change.ChangeGroup;
import io.nodeqos.text.Cell;
import io.nodeqos.text.Column;
import io.nodeqos.text.Style;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.util.List;

/** The changes of one group for a reader, a line each. */
final class ChangeLines {
  private static final String SOURCES = "sources.";
  private static final String IMAGES = "images[";
  private static final String NO_SIGN = "    ";

  private final TextFormat format;

  ChangeLines(TextFormat format) {
    this.format = format;
  }

  List<String> of(ChangeGroup group) {
    Table table = Table.of(Column.of(""), Column.of(""));
    List<Change> changes = group.changes();
    changes.stream()
        .filter(change -> isShown(change, changes))
        .forEach(
            change ->
                table.row(
                    List.of(
                        new Cell(
                            "  " + change.op().sign() + " " + title(change, changes),
                            style(change)),
                        Cell.of(text(change, group)))));
    if (changes.stream().noneMatch(ChangeLines::isMarkOrTaint)) {
      table.row(
          List.of(
              new Cell(NO_SIGN + "warm-up mark and startup taint", Style.DIM),
              new Cell("stay", Style.DIM)));
    }
    return table.lines(format);
  }

  private static Style style(Change change) {
    return change.op() == Op.ADD ? Style.GOOD : change.op() == Op.REMOVE ? Style.BAD : Style.NOTICE;
  }

  /** The same twice is one line, and what serves another change is none. */
  private boolean isShown(Change change, List<Change> all) {
    return switch (change.on()) {
      case CAPACITY -> all.stream().noneMatch(other -> isTwin(change, other, On.ALLOCATABLE));
      case CONFIG ->
          !(change.key().startsWith(IMAGES)
              && all.stream().anyMatch(other -> isImageOf(change, other)));
      case LABEL ->
          !(change.key().equals(Keys.IMAGES) && all.stream().anyMatch(c -> c.on() == On.IMAGE));
      case ANNOTATION ->
          format.wide() || all.stream().allMatch(other -> other.on() == On.ANNOTATION);
      default -> true;
    };
  }

  private static boolean isTwin(Change change, Change other, On on) {
    return other.on() == on
        && other.key().equals(change.key())
        && other.before().equals(change.before())
        && other.after().equals(change.after());
  }

  private static boolean isImageOf(Change config, Change other) {
    return other.on() == On.IMAGE
        && other.op() == config.op()
        && (config.key().contains(other.key() + "]") || config.key().contains("/" + other.key()));
  }

  private static boolean isMarkOrTaint(Change change) {
    return change.on() == On.TAINT || change.key().equals(Keys.WARMED_UP);
  }

  private static String title(Change change, List<Change> all) {
    String key = change.key();
    return switch (change.on()) {
      case LABEL ->
          key.equals(Keys.WARMED_UP)
              ? "warm-up mark"
              : key.equals(Keys.CONFIG_VERSION) ? "config-version" : "label " + key;
      case CONFIG ->
          key.startsWith(SOURCES)
              ? "policy of " + key.substring(SOURCES.length())
              : key.replaceFirst("^quota\\.classes\\[([^]]*)]\\.?", "quota $1 ")
                  .replaceFirst("^images\\[(.*)]$", "image list $1")
                  .replace("reservation.", "reservation ")
                  .strip();
      case ALLOCATABLE ->
          all.stream().anyMatch(other -> isTwin(change, other, On.CAPACITY))
              ? "resource " + key
              : "allocatable " + key;
      case CAPACITY -> "capacity " + key;
      case IMAGE -> "image " + key;
      case TAINT -> "taint " + key;
      case CONDITION -> "condition " + key;
      case ANNOTATION -> "annotation " + key;
    };
  }

  private static String text(Change change, ChangeGroup group) {
    int nodes = group.nodes().size();
    return switch (change.on()) {
      case IMAGE ->
          change.op() == Op.ADD
              ? "missing on " + (nodes == 1 ? "it" : nodes + " nodes") + " (no evidence)"
              : "no longer needed";
      case LABEL ->
          change.key().equals(Keys.WARMED_UP)
              ? change.op() == Op.ADD ? "set: the node is warm" : "removed"
              : ValueText.of(change);
      case TAINT -> change.op() == Op.ADD ? "put on" : "removed";
      case CONDITION ->
          change.before().equals(change.after())
              ? change.after() + ", for another cause"
              : ValueText.of(change);
      case CONFIG, ALLOCATABLE, CAPACITY, ANNOTATION -> ValueText.of(change);
    };
  }
}
