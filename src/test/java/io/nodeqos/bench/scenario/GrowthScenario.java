// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.report.Chart;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.report.Slope;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The same work for more and more nodes: how the cost grows. */
public final class GrowthScenario implements Scenario {
  /** A power of 1 is a cost that grows as the work does. */
  private static final double POWER_GOAL = 1.1;

  private final Clock clock = Clock.systemUTC();

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public String about() {
    return "a policy change for 500 to 20,000 nodes: how time and memory grow";
  }

  /** What one size cost. */
  private record Step(int nodes, double seconds, double cpuMicros, double residentMiB) {}

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    List<Step> steps = new ArrayList<>();
    List<Integer> sizes =
        bench.quick() ? List.of(200, 400, 800) : List.of(500, 1_000, 2_000, 5_000, 10_000, 20_000);
    try (Rig rig = Rig.start(bench)) {
      Policy policy = Policy.create(rig.admin(), "grown", false);
      Fleet fleet = rig.fleet("grown");
      int weight = 1_000;
      for (int nodes : bench.nodes().isPresent() ? List.of(bench.nodes().getAsInt()) : sizes) {
        fleet.grow(nodes, true);
        // A process of its own for each size, as a heap that has grown stays so.
        Controller leader = rig.startReplicas(1, Map.of());
        ConvergedFleet.awaitWritten(rig, fleet, leader);
        roll(rig, policy, fleet, weight++);
        Sheet sheet = Sheet.begin(nodes + " nodes", nodes, 1);
        steps.add(measure(sheet, rig, leader, policy, fleet, weight++));
        results.add(sheet);
        rig.end(leader);
      }
    }
    if (steps.size() > 1) {
      results.add(slope(steps));
    }
    results.draw(chart(steps));
  }

  private Step measure(
      Sheet sheet, Rig rig, Controller leader, Policy policy, Fleet fleet, int weight)
      throws InterruptedException {
    Duration cpu = leader.cpu();
    Instant begin = clock.instant();
    Tally tally = roll(rig, policy, fleet, weight);
    double seconds = Duration.between(begin, tally.end()).toNanos() / 1e9;
    double cpuMicros = leader.cpu().minus(cpu).toNanos() / 1e3;
    double residentMiB = leader.residentKiB() / 1024.0;
    sheet.figure("until the last write", seconds, "s");
    sheet.figure("time a node", seconds * 1e3 / fleet.size(), "ms");
    sheet.figure("CPU of the controller a node", cpuMicros / fleet.size(), "us");
    sheet.figure("resident memory", residentMiB, "MiB");
    sheet.exactly(fleet.size(), "patches of nodes", tally.metadataPatches());
    sheet.exactly(0, "nodes patched twice", tally.doubled());
    sheet.exactly(0, "flaps", rig.watcher().flaps(fleet));
    return new Step(fleet.size(), seconds, cpuMicros, residentMiB);
  }

  private static Tally roll(Rig rig, Policy policy, Fleet fleet, int weight)
      throws InterruptedException {
    Tally tally = Tally.of(fleet.prefix());
    rig.audit().drain(entry -> {});
    rig.progress().step("rolling out", () -> tally.nodes() + "/" + fleet.size());
    policy.change(weight);
    rig.await(
        "new version on each node",
        fleet.size(),
        () -> tally.read(rig.audit()).nodes() == fleet.size());
    rig.settle(2);
    return tally.read(rig.audit());
  }

  private static Sheet slope(List<Step> steps) throws InterruptedException {
    Step first = steps.get(0);
    Step last = steps.get(steps.size() - 1);
    Sheet sheet = Sheet.begin(first.nodes() + " to " + last.nodes() + " nodes", last.nodes(), 1);
    sheet.atMost(
        POWER_GOAL,
        "time grows as the nodes to the power of",
        Slope.power(steps.stream().map(s -> new Chart.Point(s.nodes(), s.seconds())).toList()),
        "");
    sheet.atMost(
        POWER_GOAL,
        "CPU grows as the nodes to the power of",
        Slope.power(steps.stream().map(s -> new Chart.Point(s.nodes(), s.cpuMicros())).toList()),
        "");
    sheet.figure(
        "resident memory of one node more",
        Slope.linear(steps.stream().map(s -> new Chart.Point(s.nodes(), s.residentMiB())).toList())
            * 1024,
        "KiB");
    return sheet;
  }

  private static Chart chart(List<Step> steps) {
    return new Chart(
        "growth",
        "A policy change for all nodes: time and memory by the number of nodes",
        "nodes",
        List.of(
            new Chart.Line(
                "time until the last write, s",
                steps.stream().map(s -> new Chart.Point(s.nodes(), s.seconds())).toList()),
            new Chart.Line(
                "CPU of the controller, s",
                steps.stream().map(s -> new Chart.Point(s.nodes(), s.cpuMicros() / 1e6)).toList()),
            new Chart.Line(
                "resident memory, MiB",
                steps.stream().map(s -> new Chart.Point(s.nodes(), s.residentMiB())).toList())));
  }
}
