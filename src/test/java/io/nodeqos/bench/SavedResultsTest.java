// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.bench.report.BenchJson;
import io.nodeqos.bench.report.Machine;
import io.nodeqos.bench.report.Progress;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.saved.BadResultsException;
import io.nodeqos.bench.saved.Comparison;
import io.nodeqos.bench.saved.PageTables;
import io.nodeqos.bench.saved.SavedResults;
import io.nodeqos.bench.scenario.Scenario;
import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of {@code --json}: comparison and tables; a scenario that fails. */
class SavedResultsTest {
  private static ControlPlane noPlane() {
    throw new IllegalStateException("no control plane");
  }

  @TempDir Path directory;

  @Test
  void resultsOfThePartsBeforeAFailureStay() throws Exception {
    Results results = new Results();
    try (Progress progress = Progress.start()) {
      var why =
          BenchCommand.run(
              new Fails(),
              new Bench(
                  OptionalInt.empty(),
                  OptionalInt.empty(),
                  true,
                  false,
                  progress,
                  SavedResultsTest::noPlane),
              results);
      assertEquals("no control plane", why.orElseThrow());
    }
    assertEquals(List.of("first"), results.sheets().stream().map(Sheet::setup).toList());
    SavedResults saved =
        SavedResults.read(file("a.json", results.sheets(), Map.of("fails", "no control plane")));
    assertEquals(List.of("fails"), saved.failed());
    assertEquals(1, saved.setups().size());
  }

  private static final class Fails implements Scenario {
    @Override
    public String name() {
      return "fails";
    }

    @Override
    public String about() {
      return "";
    }

    @Override
    public void run(Bench bench, Results results) throws InterruptedException {
      results.add(Sheet.begin("first", 1, 1));
      var unused = bench.planes().get();
    }
  }

  @Test
  void comparisonSaysWhatBecameBetterOrWorse() throws Exception {
    Sheet before = sheet(10, 0.95, 100, 0);
    Sheet after = sheet(8, 0.80, 103, 1);
    after.figure("only after", 1, "s");

    List<String> lines = compared(List.of(before), List.of(after));

    assertRow(lines, "time", "10 s", "8 s", "0.80", "better");
    assertRow(lines, "rate over ceiling", "0.95", "0.80", "0.84", "worse, not met");
    assertRow(lines, "memory", "100 MiB", "103 MiB", "1.03", "same");
    assertRow(lines, "nodes meanwhile", "50", "70", "1.40", "");
    assertRow(lines, "requests", "4", "5", "1.25", "worse");
    assertRow(lines, "flaps", "0", "1", "", "worse, WRONG");
    assertEquals("1 better, 3 worse, 1 the same within 5 %.", lines.get(lines.size() - 1));
    List<String> table = lines.stream().filter(line -> line.startsWith("|")).toList();
    assertEquals(1, table.stream().map(String::length).distinct().count(), table::toString);
  }

  /**
   * A few rows.
   *
   * @param late 0 before and 1 after the change, for the rows that no other argument sets
   */
  private static Sheet sheet(double seconds, double ratio, double memory, int late)
      throws InterruptedException {
    Sheet sheet = Sheet.begin("300 nodes", 300, 1);
    sheet.figure("time", seconds, "s");
    sheet.ceiling(0.9, ratio, 1);
    sheet.figure("memory", memory, "MiB");
    sheet.figure("nodes meanwhile", 50 + 20 * late, "");
    sheet.cost("requests", 4 + late);
    sheet.exactly(0, "flaps", late);
    return sheet;
  }

  @Test
  void rateThatRisesIsBetterAndAMeasurementThatIsMissingIsWorse() throws Exception {
    Sheet before = Sheet.begin("a", 1, 1);
    before.figure("rate", 100, "patches/s");
    before.figure("wait", 3, "ms");
    Sheet after = Sheet.begin("a", 1, 1);
    after.figure("rate", 120, "patches/s");
    after.figure("wait", Double.NaN, "ms");

    List<String> lines = compared(List.of(before), List.of(after));

    assertRow(lines, "rate", "100 patches/s", "120 patches/s", "1.20", "better");
    assertRow(lines, "wait", "3 ms", "NaN ms", "", "worse");
  }

  @Test
  void setupsOfOneFileAloneAreNamed() throws Exception {
    List<String> lines =
        compared(
            List.of(Sheet.begin("a", 1, 1)),
            List.of(Sheet.begin("a", 1, 1), Sheet.begin("b", 1, 1)));
    assertTrue(lines.contains("Only after: burst b."), lines::toString);
  }

  @Test
  void fileWithoutResultsIsOneSentence() throws IOException {
    assertEquals(
        directory.resolve("none.json") + " cannot be read.",
        problem(directory.resolve("none.json")));
    assertEquals(text("{", "a.json") + " is not JSON.", problem(directory.resolve("a.json")));
    assertEquals(
        text("{}", "b.json") + " is not a file of hack/bench --json: it has no machine.",
        problem(directory.resolve("b.json")));
  }

  private static String problem(Path file) {
    return assertThrows(BadResultsException.class, () -> SavedResults.read(file)).getMessage();
  }

  private Path text(String text, String name) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void tableOfThePagesHasAColumnForEachSetupAndTheMedianOfTheRuns() throws Exception {
    List<SavedResults> runs = new ArrayList<>();
    for (double seconds : List.of(12, 9, 11)) {
      Sheet small = Sheet.begin("300 nodes", 300, 1);
      small.atMost(10, "time", seconds, "s");
      small.exactly(300, "patches", 300);
      Sheet large = Sheet.begin("5000 nodes", 5_000, 1);
      large.figure("wait", 5_152.4, "ms");
      large.atMost(10, "time", 2, "s");
      runs.add(SavedResults.read(file("run.json", List.of(small, large), Map.of())));
    }

    List<String> lines = new PageTables(runs).text().lines().toList();

    assertEquals("| `burst` |      300 nodes | 5000 nodes | goal         |", lines.get(0));
    assertEquals("|---------|---------------:|-----------:|--------------|", lines.get(1));
    assertEquals("| wait    |                |   5,152 ms |              |", lines.get(2));
    assertEquals("| time    | 11 s (not met) |        2 s | at most 10 s |", lines.get(3));
    assertEquals("| patches |            300 |            | 300          |", lines.get(4));
  }

  @Test
  void whatAllSetupsBeginWithIsSaidOnce() throws Exception {
    List<Sheet> sheets =
        List.of(Sheet.begin("300 nodes, plan", 300, 0), Sheet.begin("300 nodes, dump", 300, 0));
    sheets.forEach(sheet -> sheet.figure("time", 1, "s"));

    String text =
        new PageTables(List.of(SavedResults.read(file("run.json", sheets, Map.of())))).text();

    assertEquals("| `burst`, 300 nodes | plan | dump | goal |", text.lines().toList().get(0));
  }

  private List<String> compared(List<Sheet> before, List<Sheet> after) throws Exception {
    return new Comparison(
            SavedResults.read(file("before.json", before, Map.of())),
            SavedResults.read(file("after.json", after, Map.of())))
        .lines();
  }

  private Path file(String name, List<Sheet> sheets, Map<String, String> failures)
      throws IOException {
    return text(
        BenchJson.of(Machine.here(), Instant.EPOCH, true, Map.of("burst", sheets), failures), name);
  }

  private static void assertRow(List<String> lines, String what, String... cells) {
    String row =
        lines.stream()
            .filter(line -> line.matches("\\|[^|]*\\| " + what + " +\\|.*"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(what + " in " + lines));
    List<String> found =
        List.of(row.split("\\|", -1)).subList(3, 7).stream().map(String::strip).toList();
    assertEquals(List.of(cells), found);
  }
}
