// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A policy change for all nodes without spec.rollout, then another one with it: what the steps cost
 * beyond their soaks.
 */
public final class SteppedRollout {
  private static final String STEPS =
      "[{\"nodes\": 1}, {\"nodes\": \"10%\"}, {\"nodes\": \"50%\"}, {\"nodes\": \"100%\"}]";

  private static final int STEP_COUNT = 4;
  private static final int SOAK_SECONDS = 1;
  private static final int CALM_SECONDS = 10;

  private final Clock clock = Clock.systemUTC();
  private final Rig rig;
  private final Controller leader;
  private final Policy policy;
  private final Fleet fleet;

  private SteppedRollout(Rig rig, Controller leader, Policy policy, Fleet fleet) {
    this.rig = rig;
    this.leader = leader;
    this.policy = policy;
    this.fleet = fleet;
  }

  static void run(Bench bench, int nodes, Results results) throws InterruptedException {
    try (Rig rig = Rig.start(bench)) {
      Controller leader = rig.startReplicas(1, Map.of());
      Policy policy = Policy.create(rig.admin(), "old", false);
      Fleet fleet = rig.fleet("old");
      fleet.grow(nodes, true);
      ConvergedFleet.awaitWritten(rig, fleet, leader);
      SteppedRollout rollout = new SteppedRollout(rig, leader, policy, fleet);
      // A first round, for which the code is compiled.
      rollout.atOnce(450);
      Sheet atOnce = Sheet.begin(nodes + " nodes, at once", nodes, 1);
      rollout.measure(atOnce, 0, () -> rollout.atOnce(500));
      results.add(atOnce);
      policy.rollOut(STEPS, SOAK_SECONDS);
      rig.settle(2);
      Sheet inSteps = Sheet.begin(nodes + " nodes, in steps", nodes, 1);
      rollout.measure(inSteps, STEP_COUNT * SOAK_SECONDS, () -> rollout.inSteps(550));
      results.add(inSteps);
    }
  }

  private interface Change {
    /** Returns when all nodes have it. */
    Tally make() throws InterruptedException;
  }

  private Tally atOnce(int weight) throws InterruptedException {
    rig.audit().drain(entry -> {});
    Tally tally = Tally.of(fleet.prefix());
    rig.progress().step("at once", () -> tally.nodes() + "/" + fleet.size());
    policy.change(weight);
    rig.await("change on all nodes", () -> tally.read(rig.audit()).nodes() == fleet.size());
    return tally;
  }

  private Tally inSteps(int weight) throws InterruptedException {
    rig.audit().drain(entry -> {});
    Tally tally = Tally.of(fleet.prefix());
    rig.progress().step("in steps", () -> tally.nodes() + "/" + fleet.size());
    String before = policy.stableRevision();
    policy.change(weight);
    rig.await(
        "end of the rollout",
        () -> {
          tally.read(rig.audit());
          return !policy.stableRevision().equals(before);
        });
    return tally;
  }

  /**
   * @param soaks the seconds for which the steps must wait, in all
   */
  private void measure(Sheet sheet, int soaks, Change change) throws InterruptedException {
    Duration cpu = leader.cpu();
    Instant begin = clock.instant();
    Tally tally = change.make();
    double seconds = Duration.between(begin, clock.instant()).toNanos() / 1e9;
    double cpuMillis = leader.cpu().minus(cpu).toNanos() / 1e6;
    sheet.figure("until the end", seconds, "s");
    if (soaks > 0) {
      sheet.figure("sum of the soaks", soaks, "s");
    }
    sheet.figure("CPU of the leader, per node", cpuMillis / fleet.size(), "ms");
    tally.read(rig.audit());
    sheet.exactly(fleet.size(), "patches of nodes", tally.metadataPatches());
    sheet.exactly(0, "patches of nodes/status", tally.statusPatches());
    sheet.exactly(0, "nodes patched twice", tally.doubled());
    sheet.exactly(0, "GETs of nodes", tally.gets());
    sheet.exactly(0, "refused writes", tally.refusals());
    sheet.exactly(0, "flaps", rig.watcher().flaps(fleet));
    rig.settle(CALM_SECONDS);
    Tally after = Tally.of(fleet.prefix()).read(rig.audit());
    sheet.exactly(0, "writes to nodes in 10 s after the end", after.writes());
  }
}
