// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The figures of a run, for people. */
final class FaultTable {
  private final List<Row> rows = new ArrayList<>();

  /**
   * One kind of fault.
   *
   * @param gaps of each round, without a write to a Node
   * @param firstWrites of each round in which another led afterwards, from its take of the Lease
   */
  record Row(
      String fault,
      List<Duration> gaps,
      List<Duration> firstWrites,
      int overlapping,
      int late,
      int refused) {}

  void add(Row row) {
    rows.add(row);
  }

  /** Prints it, and writes it to a file below {@code target/e2e}. */
  void publish(String file) {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "fault",
            "rounds",
            "gap",
            "first write after the take",
            "overlapping",
            "late",
            "refused"));
    for (Row row : rows) {
      text.append(
          line(
              row.fault(),
              Integer.toString(row.gaps().size()),
              seconds(row.gaps()),
              millis(row.firstWrites()),
              Integer.toString(row.overlapping()),
              Integer.toString(row.late()),
              Integer.toString(row.refused())));
    }
    System.out.println(text);
    try {
      Path directory = Files.createDirectories(Path.of("target", "e2e"));
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-52s %6s  %-13s %-27s %11s %5s %8s%n", (Object[]) cells);
  }

  private static String seconds(List<Duration> all) {
    return range(
        all.stream().map(d -> String.format(Locale.ROOT, "%.1f", d.toMillis() / 1000.0)).toList(),
        all,
        "s");
  }

  private static String millis(List<Duration> all) {
    return range(all.stream().map(d -> Long.toString(d.toMillis())).toList(), all, "ms");
  }

  private static String range(List<String> texts, List<Duration> all, String unit) {
    if (all.isEmpty()) {
      return "-";
    }
    String least = texts.get(all.indexOf(Collections.min(all)));
    String most = texts.get(all.indexOf(Collections.max(all)));
    return (least.equals(most) ? least : least + " to " + most) + " " + unit;
  }
}
