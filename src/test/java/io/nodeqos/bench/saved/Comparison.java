// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.saved;

import io.nodeqos.bench.report.Figure;
import io.nodeqos.bench.report.Figure.Better;
import io.nodeqos.bench.report.MarkdownTable;
import io.nodeqos.bench.saved.SavedResults.Row;
import io.nodeqos.bench.saved.SavedResults.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which results became better and which became worse. A pure function of two files. */
public final class Comparison {
  /** Two runs of the same program differ as much. */
  static final int TOLERANCE_PERCENT = 5;

  private static final String BETTER = "better";
  private static final String WORSE = "worse";
  private static final String SAME = "same";

  private final SavedResults before;
  private final SavedResults after;

  public Comparison(SavedResults before, SavedResults after) {
    this.before = before;
    this.after = after;
  }

  /** A table of all rows that both have, and remarks. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(remarks());
    List<String[]> table = new ArrayList<>();
    table.add(new String[] {"setup", "what", "before", "after", "ratio", ""});
    for (Setup old : before.setups()) {
      after.setup(old).ifPresent(now -> rows(table, old, now));
    }
    lines.addAll(MarkdownTable.of(table, 2).lines().toList());
    lines.add(
        "%d better, %d worse, %d the same within %d %%."
            .formatted(
                count(table, BETTER), count(table, WORSE), count(table, SAME), TOLERANCE_PERCENT));
    return lines;
  }

  private static long count(List<String[]> table, String verdict) {
    return table.stream().filter(row -> row[5].startsWith(verdict)).count();
  }

  private List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (!before.machine().equals(after.machine())) {
      remarks.add("The machines differ: %s; %s.".formatted(before.machine(), after.machine()));
    }
    if (before.quick() != after.quick()) {
      remarks.add("One of them was made with --quick.");
    }
    remarks.addAll(onlyIn("before", before, after));
    remarks.addAll(onlyIn("after", after, before));
    return remarks;
  }

  private static List<String> onlyIn(String which, SavedResults one, SavedResults other) {
    List<String> only =
        one.setups().stream()
            .filter(setup -> other.setup(setup).isEmpty())
            .map(setup -> setup.scenario() + " " + setup.name())
            .toList();
    List<String> remarks = new ArrayList<>();
    if (!only.isEmpty()) {
      remarks.add("Only %s: %s.".formatted(which, String.join("; ", only)));
    }
    if (!one.failed().isEmpty()) {
      remarks.add("Failed %s: %s.".formatted(which, String.join(", ", one.failed())));
    }
    return remarks;
  }

  private static void rows(List<String[]> table, Setup old, Setup now) {
    String setup = old.scenario() + " " + old.name();
    for (Row was : old.rows()) {
      Optional<Row> is = now.row(was.what());
      if (is.isPresent()) {
        table.add(
            new String[] {
              setup,
              was.what(),
              text(was),
              text(is.get()),
              ratio(was, is.get()),
              verdict(was, is.get())
            });
        setup = "";
      }
    }
  }

  private static String text(Row row) {
    return new Figure(row.what(), row.value(), row.unit(), Optional.empty(), row.better()).text();
  }

  private static String ratio(Row was, Row is) {
    double ratio = is.value() / was.value();
    return was.isCount() || !Double.isFinite(ratio)
        ? ""
        : String.format(Locale.ROOT, "%.2f", ratio);
  }

  private static String verdict(Row was, Row is) {
    if (was.isCount()) {
      return was.missed() == is.missed()
          ? is.missed() ? SAME + ", WRONG" : SAME
          : is.missed() ? WORSE + ", WRONG" : BETTER + ", right";
    }
    String verdict = change(was, is);
    return was.met().isPresent() && is.met().isPresent() && was.missed() != is.missed()
        ? verdict + (is.missed() ? ", not met" : ", met")
        : verdict;
  }

  private static String change(Row was, Row is) {
    if (Double.isNaN(was.value()) || Double.isNaN(is.value())) {
      return Double.isNaN(was.value()) == Double.isNaN(is.value())
          ? SAME
          : Double.isNaN(is.value()) ? WORSE : BETTER;
    }
    double tolerance = Math.abs(was.value()) * TOLERANCE_PERCENT / 100;
    double more = is.value() - was.value();
    if (Math.abs(more) <= tolerance) {
      return SAME;
    }
    return is.better() == Better.NEITHER
        ? ""
        : more > 0 == (is.better() == Better.HIGHER) ? BETTER : WORSE;
  }
}
