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
import io.nodeqos.bench.rig.Ceiling;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.ServerCosts;
import io.nodeqos.bench.rig.ServerLook;
import io.nodeqos.bench.rig.Tally;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A policy change that touches all nodes, while new nodes get ready. */
public final class RolloutScenario implements Scenario {
  private static final double CEILING_GOAL = 0.92;

  /** More than are opened while a rollout lasts. */
  private static final int JOINING = 200;

  private static final int NEW_WEIGHT = 500;

  private final Clock clock = Clock.systemUTC();

  @Override
  public String name() {
    return "rollout";
  }

  @Override
  public String about() {
    return "a policy change that touches all N nodes: while new ones join; at once and in steps";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    for (int nodes : bench.sizes(List.of(1_000, 5_000), List.of(500))) {
      results.add(run(bench, nodes));
    }
    SteppedRollout.run(bench, bench.size(1_000, 500), results);
  }

  private Sheet run(Bench bench, int nodes) throws InterruptedException {
    Sheet sheet = Sheet.begin(nodes + " nodes", nodes, 1);
    try (Rig rig = Rig.start(bench)) {
      Controller leader = rig.startReplicas(1, Map.of());
      Policy policy = Policy.create(rig.admin(), "old", false);
      Policy.create(rig.admin(), "new", false);
      Policy.create(rig.admin(), "later", false);
      Fleet old = rig.fleet("old");
      Fleet joining = rig.fleet("new");
      Fleet later = rig.fleet("later");
      Fleet bare = rig.fleet("bare");
      old.grow(nodes, true);
      joining.grow(JOINING, false);
      later.grow(JOINING, false);
      bare.grow(nodes, true);
      rig.awaitWarm(old);
      SteadyScenario.awaitFirstWrites(rig, joining);
      SteadyScenario.awaitFirstWrites(rig, later);
      WarmUpRound.run(rig, leader, Math.max(20, nodes / 5));
      rig.settle(2);

      Tally tally = Tally.of(old.prefix());
      rig.audit().drain(entry -> {});
      ServerLook before = rig.server();
      Duration cpu = leader.cpu();
      rig.progress().step("rolling out", () -> tally.nodes() + "/" + nodes);
      int opened;
      Instant begin = clock.instant();
      try (ReadyFeed feed =
          ReadyFeed.start(SteadyScenario.PER_SECOND, JOINING, joining::becomeReady)) {
        policy.change(NEW_WEIGHT);
        rig.await(
            "new version on each node", nodes, () -> tally.read(rig.audit()).nodes() == nodes);
        opened = feed.stop();
      }
      rig.await("warm new node", () -> rig.watcher().warm(joining) >= opened);
      rig.settle(2);
      tally.read(rig.audit());
      Duration time = Duration.between(begin, tally.end());
      report(sheet, rig, tally, old, time);
      sheet.cost("requests about Events", tally.events());
      ServerCosts costs = ServerCosts.between(before, rig.server());
      costs.watches(sheet, tally);
      cpu(sheet, "", leader.cpu().minus(cpu), costs, nodes);
      Percentiles joined = SteadyScenario.latencies(rig, joining, 0, opened);
      sheet.figure("new nodes meanwhile", joined.size(), "");
      sheet.figure("their gate open to taint gone, P50", joined.millis(50), "ms");
      sheet.figure("their gate open to taint gone, longest", joined.millis(100), "ms");

      Ceiling.Rate ceiling;
      before = rig.server();
      cpu = leader.cpu();
      // As many nodes join beside the bare writer, and the controller warms them up.
      try (ReadyFeed feed =
          ReadyFeed.start(SteadyScenario.PER_SECOND, JOINING, later::becomeReady)) {
        ceiling = Ceiling.of(rig, leader).measure(bare, tally.samples());
        feed.stop();
      }
      costs = ServerCosts.between(before, rig.server());
      cpu(sheet, ", bare writer", leader.cpu().minus(cpu), costs, nodes);
      sheet.figure("rate of the bare writer", ceiling.perSecond(), "patches/s");
      sheet.ceiling(CEILING_GOAL, tally.writes() / (time.toNanos() / 1e9), ceiling.perSecond());
    }
    return sheet;
  }

  /** That of the new nodes and of the Events is in it. */
  private static void cpu(
      Sheet sheet, String suffix, Duration controller, ServerCosts costs, int nodes) {
    sheet.figure("CPU of the controller a node" + suffix, controller.toNanos() / 1e3 / nodes, "us");
    costs.report(sheet, suffix, nodes);
  }

  private static void report(Sheet sheet, Rig rig, Tally tally, Fleet old, Duration time) {
    sheet.figure("until the last write", time.toNanos() / 1e9, "s");
    sheet.figure("rate", tally.writes() / (time.toNanos() / 1e9), "patches/s");
    sheet.exactly(old.size(), "patches of nodes", tally.metadataPatches());
    sheet.exactly(0, "patches of nodes/status", tally.statusPatches());
    sheet.exactly(0, "nodes patched twice", tally.doubled());
    sheet.exactly(0, "GETs of nodes", tally.gets());
    sheet.exactly(0, "refused writes", tally.refusals());
    sheet.exactly(0, "flaps", rig.watcher().flaps(old));
  }
}
