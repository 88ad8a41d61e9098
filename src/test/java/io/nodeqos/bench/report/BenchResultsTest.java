// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.bench.commands.CommandRun;
import io.nodeqos.bench.report.Chart.Line;
import io.nodeqos.bench.report.Chart.Point;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class BenchResultsTest {
  @Test
  void goalIsMetUpToItsLimitAndMissedBeyondIt() throws InterruptedException {
    Sheet sheet = Sheet.begin("a", 1, 1);
    sheet.atMost(60, "time", 60, "ms");
    assertFalse(sheet.missed());
    sheet.atLeast(0.9, "rate", 0.89, "");
    assertTrue(sheet.missed());
    assertFalse(sheet.wrong());
  }

  @Test
  void missingMeasurementMeetsNoGoal() throws InterruptedException {
    Sheet sheet = Sheet.begin("a", 1, 1);
    sheet.atMost(60, "time", Percentiles.of(List.of()).millis(99), "ms");
    assertTrue(sheet.missed());
  }

  @Test
  void countOutsideItsExpectedRangeIsWrong() throws InterruptedException {
    Sheet sheet = Sheet.begin("a", 1, 1);
    sheet.between(1, 3, "writes", 3);
    assertFalse(sheet.wrong());
    sheet.exactly(0, "flaps", 1);
    assertTrue(sheet.wrong());
  }

  @Test
  void jsonHasFiguresGoalsCountsAndTheCeilingRatio() throws InterruptedException {
    Sheet sheet = Sheet.begin("300 nodes", 300, 2);
    sheet.ceiling(0.9, 450, 500);
    sheet.exactly(0, "flaps", 0);
    JsonObject result =
        JsonParser.parseString(
                BenchJson.of(
                    Machine.here(), Instant.EPOCH, true, Map.of("burst", List.of(sheet)), Map.of()))
            .getAsJsonObject()
            .getAsJsonArray("results")
            .get(0)
            .getAsJsonObject();
    assertEquals(0.9, result.get("ceilingRatio").getAsDouble());
    assertEquals(2, result.get("replicas").getAsInt());
    assertTrue(result.getAsJsonObject("loadBefore").has("busyCores"));
    JsonObject figure = result.getAsJsonArray("figures").get(0).getAsJsonObject();
    assertTrue(figure.get("met").getAsBoolean());
    JsonObject count = result.getAsJsonArray("counts").get(0).getAsJsonObject();
    assertTrue(count.get("right").getAsBoolean());
  }

  @Test
  void tableShowsMetGoalsAndWrongCounts() throws InterruptedException {
    Sheet sheet = Sheet.begin("300 nodes", 300, 1);
    sheet.atMost(15, "wait", 15.26, "ms");
    sheet.exactly(0, "flaps", 2);
    List<String> lines = BenchTable.of("steady", List.of(sheet)).lines().toList();
    assertTrue(
        lines
            .get(2)
            .matches("\\| 300 nodes +\\| wait +\\| 15.3 ms .*\\| at most 15 ms \\| not met \\|"),
        lines.get(2));
    assertTrue(lines.get(3).matches("\\| +\\| flaps +\\| 2 +\\| 0 +\\| WRONG +\\|"), lines.get(3));
  }

  @Test
  void percentilesAreThoseOfTheNearestRank() {
    Percentiles hundred =
        Percentiles.of(IntStream.rangeClosed(1, 100).mapToObj(Duration::ofMillis).toList());
    assertEquals(50, hundred.millis(50));
    assertEquals(99, hundred.millis(99));
    assertEquals(100, hundred.millis(100));
    assertEquals(7, Percentiles.of(List.of(Duration.ofMillis(7))).millis(1));
  }

  @Test
  void heapOfACommandIsTheMostBeforeACollectionOrAtItsEnd() {
    String log =
        """
        [0.4s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 25M->7M(256M) 6.1ms
        [0.9s][info][gc] GC(1) Pause Young (Normal) (G1 Evacuation Pause) 90M->20M(256M) 9.4ms
        [1.2s][info][gc,heap,exit] Heap
        [1.2s][info][gc,heap,exit]  garbage-first heap   total 262144K, used %sK [0x0)
        """;
    assertEquals(90 << 10, CommandRun.heapKiB(log.formatted("40000")));
    assertEquals(100_000, CommandRun.heapKiB(log.formatted("100000")));
  }

  @Test
  void slopeSeparatesLinearFromFasterGrowingCost() {
    assertEquals(1, Slope.power(points(n -> 3 * n)), 1e-9);
    assertEquals(2, Slope.power(points(n -> n * n)), 1e-9);
    assertEquals(3, Slope.linear(points(n -> 3 * n + 40)), 1e-9);
  }

  private static List<Point> points(DoubleUnaryOperator cost) {
    return IntStream.of(500, 1_000, 2_000, 5_000)
        .mapToObj(n -> new Point(n, cost.applyAsDouble(n)))
        .toList();
  }

  @Test
  void pictureIsWellFormedAndHasAPathForEachLine() throws Exception {
    Chart chart =
        new Chart(
            "growth",
            "Cost <of> \"this\" & that's all",
            "nodes",
            List.of(
                new Line("time, s", points(n -> n / 100)), new Line("memory", points(n -> 80))));
    var svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(BenchPlot.svg(chart))));
    assertEquals(8, svg.getElementsByTagName("circle").getLength());
    assertTrue(svg.getDocumentElement().getTextContent().contains("Cost <of>"));
  }
}
