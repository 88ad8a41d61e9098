// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.report.Chart;
import io.nodeqos.bench.report.Chart.Line;
import io.nodeqos.bench.report.Chart.Point;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.report.Trend;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.LiveHeap;
import io.nodeqos.bench.rig.ProcessMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What one replica holds, again and again. Used by one thread. */
public final class SoakSamples {
  private static final double HEAP_GOAL_MIB = 2;
  private static final double RESIDENT_GOAL_MIB = 6;
  private static final double NUMBER_GOAL = 1;

  /** A line through fewer says nothing. */
  private static final int MIN_POINTS = 8;

  private final Controller controller;
  private final long begin = System.nanoTime();
  private final List<Point> resident = new ArrayList<>();
  private final List<Point> heap = new ArrayList<>();
  private final List<Point> threads = new ArrayList<>();
  private final List<Point> files = new ArrayList<>();

  SoakSamples(Controller controller) {
    this.controller = controller;
  }

  double minutes() {
    return (System.nanoTime() - begin) / 1e9 / 60;
  }

  /** Takes one of all that costs nothing. */
  void look() {
    long pid = controller.run().process().pid();
    double now = minutes();
    resident.add(new Point(now, controller.residentKiB() / 1024.0));
    threads.add(new Point(now, ProcessMemory.threads(pid).orElseThrow()));
    files.add(new Point(now, ProcessMemory.openFiles(pid).orElseThrow()));
  }

  /** Takes one of the heap, for which the JVM makes a full collection. */
  void lookAtHeap() {
    long kiB = LiveHeap.kiB(controller.run().process().pid());
    heap.add(new Point(minutes(), kiB / 1024.0));
  }

  /**
   * Writes down how they grow in the second half.
   *
   * @param goals whether it was long enough to hold the growth against something
   */
  void report(Sheet sheet, boolean goals) {
    report(sheet, "resident memory", resident, "MiB", goals ? RESIDENT_GOAL_MIB : Double.NaN);
    report(sheet, "heap after a full collection", heap, "MiB", goals ? HEAP_GOAL_MIB : Double.NaN);
    report(sheet, "threads", threads, "", goals ? NUMBER_GOAL : Double.NaN);
    report(sheet, "open files", files, "", goals ? NUMBER_GOAL : Double.NaN);
  }

  private void report(Sheet sheet, String what, List<Point> all, String unit, double goal) {
    double half = all.get(all.size() - 1).x() / 2;
    List<Point> second = all.stream().filter(point -> point.x() >= half).toList();
    double[] sorted = second.stream().mapToDouble(Point::y).sorted().toArray();
    sheet.figure(what + ", median", sorted[sorted.length / 2], unit);
    if (second.size() < MIN_POINTS) {
      return;
    }
    Trend trend = Trend.of(second);
    String name = what + ", growth an hour";
    long hour = TimeUnit.HOURS.toMinutes(1);
    if (Double.isNaN(goal)) {
      sheet.figure(name, trend.slope() * hour, unit);
    } else {
      sheet.atMost(goal, name, trend.slope() * hour, unit);
    }
    sheet.figure(name + ", from (95 %)", trend.low() * hour, unit);
    sheet.figure(name + ", to (95 %)", trend.high() * hour, unit);
  }

  Chart chart() {
    return new Chart(
        "soak",
        "Nodes join and leave, pods come and go: what one replica holds",
        "minutes",
        List.of(
            new Line("resident memory, MiB", resident),
            new Line("heap after a full collection, MiB", heap),
            new Line("threads", threads),
            new Line("open files", files)));
  }
}
