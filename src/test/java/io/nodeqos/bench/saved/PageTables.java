// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.saved;

import io.nodeqos.bench.report.Figure;
import io.nodeqos.bench.report.MarkdownTable;
import io.nodeqos.bench.saved.SavedResults.Row;
import io.nodeqos.bench.saved.SavedResults.Setup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of the documentation: for each scenario one, with a column for each setup. */
public final class PageTables {
  private final List<SavedResults> runs;

  /**
   * @param runs of the same scenarios, of which the median counts
   */
  public PageTables(List<SavedResults> runs) {
    this.runs = runs;
  }

  public String text() {
    Map<String, Map<String, List<Setup>>> scenarios = new LinkedHashMap<>();
    for (SavedResults run : runs) {
      for (Setup setup : run.setups()) {
        scenarios
            .computeIfAbsent(setup.scenario(), name -> new LinkedHashMap<>())
            .computeIfAbsent(setup.name(), name -> new ArrayList<>())
            .add(setup);
      }
    }
    return scenarios.entrySet().stream()
        .map(scenario -> table(scenario.getKey(), scenario.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String table(String scenario, Map<String, List<Setup>> setups) {
    String common = common(List.copyOf(setups.keySet()));
    List<String> head = new ArrayList<>();
    head.add(("`" + scenario + "`, " + common).replaceAll(", $", ""));
    setups.keySet().forEach(setup -> head.add(setup.substring(common.length())));
    head.add("goal");
    List<String[]> table = new ArrayList<>();
    table.add(head.toArray(String[]::new));
    for (String name : names(setups.values().stream().flatMap(List::stream).toList())) {
      List<Optional<Row>> cells = setups.values().stream().map(s -> median(s, name)).toList();
      List<String> row = new ArrayList<>(List.of(name));
      cells.forEach(cell -> row.add(cell.map(PageTables::text).orElse("")));
      row.add(
          cells.stream()
              .flatMap(Optional::stream)
              .map(Row::goal)
              .filter(goal -> !goal.isEmpty())
              .distinct()
              .collect(Collectors.joining(" / ")));
      table.add(row.toArray(String[]::new));
    }
    return MarkdownTable.of(table, 1);
  }

  /** Those of all rows, the figures first, each after the one before it in its own setup. */
  private static List<String> names(List<Setup> setups) {
    List<String> figures = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    for (Setup setup : setups) {
      merge(figures, setup.rows().stream().filter(row -> !row.isCount()).toList());
      merge(counts, setup.rows().stream().filter(Row::isCount).toList());
    }
    return Stream.concat(figures.stream(), counts.stream()).distinct().toList();
  }

  private static void merge(List<String> names, List<Row> rows) {
    int next = 0;
    for (Row row : rows) {
      int at = names.indexOf(row.what());
      if (at < 0) {
        at = next;
        names.add(at, row.what());
      }
      next = at + 1;
    }
  }

  /** The part up to a comma with which all begin, such as a number of nodes. */
  private static String common(List<String> setups) {
    String first = setups.get(0);
    int end = first.indexOf(", ") + 2;
    String start = first.substring(0, Math.max(0, end));
    return setups.size() > 1 && end > 1 && setups.stream().allMatch(s -> s.startsWith(start))
        ? start
        : "";
  }

  /** The row of the run in the middle; a wrong one where there is one. */
  private static Optional<Row> median(List<Setup> runs, String name) {
    List<Row> rows =
        runs.stream()
            .flatMap(run -> run.row(name).stream())
            .sorted(Comparator.comparingDouble(Row::value))
            .toList();
    Optional<Row> wrong = rows.stream().filter(row -> row.isCount() && row.missed()).findFirst();
    return wrong.isPresent() || rows.isEmpty() ? wrong : Optional.of(rows.get(rows.size() / 2));
  }

  private static String text(Row row) {
    String number =
        Math.abs(row.value()) >= 1_000
            ? String.format(Locale.ROOT, "%,.0f", row.value())
            : Figure.number(row.value());
    return number
        + (row.unit().isEmpty() ? "" : " " + row.unit())
        + (row.missed() ? row.isCount() ? " (WRONG)" : " (not met)" : "");
  }
}
