// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.bench.report.Chart.Point;
import io.nodeqos.bench.rig.LiveHeap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
  @Test
  void slopeOfALineIsExactAndItsIntervalIsAPoint() {
    Trend trend = Trend.of(points(20, x -> 3 * x + 7));
    assertEquals(3, trend.slope(), 1e-9);
    assertEquals(3, trend.low(), 1e-9);
    assertEquals(3, trend.high(), 1e-9);
  }

  @Test
  void singleLeapDoesNotLookLikeGrowth() {
    assertEquals(0, Trend.of(points(40, x -> x < 5 ? 60 : 80)).slope());
  }

  @Test
  void growthBelowTheNoiseIsInTheInterval() {
    Random noise = new Random(1);
    Trend trend = Trend.of(points(200, x -> 0.05 * x + noise.nextGaussian()));
    assertTrue(trend.low() < 0.05 && 0.05 < trend.high(), trend.toString());
    assertTrue(trend.low() > 0, trend.toString());
    assertTrue(trend.high() - trend.low() < 0.01, trend.toString());
  }

  @Test
  void twoPointsHaveASlope() {
    assertEquals(2, Trend.of(points(2, x -> 2 * x)).slope());
  }

  private static List<Point> points(int count, IntToDoubleFunction y) {
    return new ArrayList<>(
        IntStream.range(0, count).mapToObj(x -> new Point(x, y.applyAsDouble(x))).toList());
  }

  @Test
  void heapInUseIsThatOfAllGenerationsWithoutClasses() {
    assertEquals(
        1_700,
        LiveHeap.used(
            """
            4711:
             def new generation   total 9216K, used 500K [0x0, 0x1, 0x2)
              eden space 8192K,   6% used [0x0, 0x1, 0x2)
             tenured generation   total 20480K, used 1200K [0x0, 0x1, 0x2)
               the space 20480K,   5% used [0x0, 0x1, 0x2)
             Metaspace       used 30000K, committed 30500K, reserved 1114112K
              class space    used 3000K, committed 3100K, reserved 1048576K
            """));
    assertEquals(
        2_048,
        LiveHeap.used(
            " garbage-first heap   total reserved 262144K, committed 34816K, used 2048K [0x0)\n"));
  }

  @Test
  void answerWithoutAHeapIsAnError() {
    assertThrows(IllegalStateException.class, () -> LiveHeap.used("4711:\n"));
  }
}
