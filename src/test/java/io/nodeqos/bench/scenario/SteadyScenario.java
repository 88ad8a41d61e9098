// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.fleet.ReadyFeed;
import io.nodeqos.bench.report.Percentiles;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import io.nodeqos.bench.rig.Watcher.Sight;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

/** Ten nodes a second whose last gate opens, beside nodes that are warm. */
public final class SteadyScenario implements Scenario {
  static final int PER_SECOND = 10;

  private static final double P50_GOAL = 15;
  private static final double P99_GOAL = 60;

  /** While the code is being compiled. */
  private static final int UNCOUNTED = 50;

  @Override
  public String name() {
    return "steady";
  }

  @Override
  public String about() {
    return "10 nodes a second: from the last gate's opening until the taint is gone";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int warm = bench.size(1_000, 200);
    int joining = UNCOUNTED + PER_SECOND * bench.pick(60, 20);
    try (Rig rig = Rig.start(bench)) {
      Policy.create(rig.admin(), "warm", false);
      Fleet old = rig.fleet("warm");
      old.grow(warm, true);
      results.add(phase(rig, old, "calm", joining, Map.of(), 1));
      // Each node is looked at once in ten seconds, though nothing happens to it.
      results.add(phase(rig, old, "resync", joining, Map.of("NODEQOS_RESYNCPERIOD", "10s"), 2));
    }
  }

  private static Sheet phase(
      Rig rig, Fleet old, String name, int joining, Map<String, String> settings, int allowance)
      throws InterruptedException {
    Policy.create(rig.admin(), name, false);
    Fleet fleet = rig.fleet(name);
    fleet.grow(joining, false);
    Controller leader = rig.startReplicas(1, settings);
    rig.awaitWarm(old);
    awaitFirstWrites(rig, fleet);
    rig.settle(2);
    Sheet sheet = Sheet.begin(old.size() + " warm nodes, " + name, old.size() + joining, 1);
    rig.audit().drain(entry -> {});
    rig.progress().step("opening the last gate of ten nodes a second");
    try (ReadyFeed feed = ReadyFeed.start(PER_SECOND, joining, fleet::becomeReady)) {
      rig.await("node that is ready", feed::finished);
    }
    rig.awaitWarm(fleet);
    rig.settle(2);
    report(sheet, rig, fleet, allowance);
    sheet.exactly(0, "flaps of the warm nodes", rig.watcher().flaps(old));
    rig.end(leader);
    return sheet;
  }

  /** Until each node has its configuration and says what it waits for. */
  static void awaitFirstWrites(Rig rig, Fleet fleet) throws InterruptedException {
    rig.progress().step("first writes to group " + fleet.group());
    rig.await(
        "condition of each node of group " + fleet.group(),
        () -> rig.watcher().group(fleet).stream().allMatch(Sight::waits));
  }

  private static void report(Sheet sheet, Rig rig, Fleet fleet, int allowance) {
    Tally tally = Tally.of(fleet.prefix()).read(rig.audit());
    Percentiles times = latencies(rig, fleet, UNCOUNTED, fleet.size());
    sheet.figure("nodes measured", times.size(), "");
    sheet.atMost(P50_GOAL * allowance, "gate open to taint gone, P50", times.millis(50), "ms");
    sheet.atMost(P99_GOAL * allowance, "gate open to taint gone, P99", times.millis(99), "ms");
    sheet.figure("gate open to taint gone, longest", times.millis(100), "ms");
    sheet.exactly(fleet.size(), "patches of nodes", tally.metadataPatches());
    sheet.exactly(fleet.size(), "patches of nodes/status", tally.statusPatches());
    sheet.exactly(0, "nodes patched twice", tally.doubled());
    sheet.exactly(0, "GETs of nodes", tally.gets());
    sheet.exactly(0, "flaps", rig.watcher().flaps(fleet));
  }

  /** As the watcher saw them, of some nodes of a group. */
  static Percentiles latencies(Rig rig, Fleet fleet, int from, int to) {
    return Percentiles.of(
        IntStream.range(from, to)
            .mapToObj(number -> rig.watcher().sight(fleet.name(number)))
            .map(sight -> Duration.ofNanos(sight.warm() - sight.ready()))
            .toList());
  }
}
