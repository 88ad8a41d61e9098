// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.report.Machine;
import io.nodeqos.bench.report.Percentiles;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Ceiling;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.CpuHog;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.ServerCosts;
import io.nodeqos.bench.rig.ServerLook;
import io.nodeqos.bench.rig.Tally;
import io.nodeqos.bench.rig.Watcher.Sight;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Many nodes that get their configuration and the mark at once: they are Ready with the startup
 * taint, and the one thing that holds them is lifted in one write.
 */
public final class BurstScenario implements Scenario {
  private static final double CEILING_GOAL = 0.95;
  private static final double LARGE_CEILING_GOAL = 0.92;
  private static final int LARGE = 1_000;
  private static final double CPU_GOAL_MICROS = 2_500;
  private static final double REST_GOAL_PERCENT = 0.45;
  private static final double WAIT_GOAL = 1.2;
  private static final int SETTLE_SECONDS = 2;

  private final Clock clock = Clock.systemUTC();

  /** What else there is. */
  public enum Beside {
    NOTHING(""),

    /** The admission policies look at each write. */
    ADMISSION(", admission policies"),

    /** Each core has another program to run all the time. */
    HOG(", beside a CPU hog");

    private final String text;

    Beside(String text) {
      this.text = text;
    }
  }

  @Override
  public String name() {
    return "burst";
  }

  @Override
  public String about() {
    return "N nodes become ready at once: until all are warm";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    for (int nodes : bench.sizes(List.of(1_000, 5_000), List.of(500))) {
      for (Beside beside : Beside.values()) {
        results.add(run(bench, nodes, beside));
      }
    }
  }

  /** One burst. */
  public Sheet run(Bench bench, int nodes, Beside beside) throws InterruptedException {
    Sheet sheet = Sheet.begin(nodes + " nodes" + beside.text, nodes, 1);
    try (Rig rig = Rig.start(bench)) {
      Controller leader = rig.startReplicas(1, Map.of());
      if (beside == Beside.ADMISSION) {
        AdmissionPolicies.apply(rig, leader);
      }
      Fleet burst = rig.fleet("burst");
      Fleet bare = rig.fleet("bare");
      Policy policy = Policy.create(rig.admin(), burst.group(), true);
      burst.grow(nodes, true);
      bare.grow(nodes, true);
      WarmUpRound.run(rig, leader, Math.max(20, nodes / 5));
      rig.settle(SETTLE_SECONDS);
      // 20 KB are the order of what kubelets of clouds report.
      sheet.between(19_000, 21_000, "bytes of a Node, as the server sends it", rig.bytes(burst));
      if (beside == Beside.HOG) {
        besideHog(sheet, rig, leader, policy, burst);
      } else {
        rest(sheet, leader, bench.pick(30, 5));
        alone(sheet, rig, leader, policy, burst, bare);
      }
    }
    return sheet;
  }

  private static void rest(Sheet sheet, Controller leader, int seconds)
      throws InterruptedException {
    Duration cpu = leader.cpu();
    TimeUnit.SECONDS.sleep(seconds);
    double percent = leader.cpu().minus(cpu).toNanos() / 1e7 / seconds;
    sheet.atMost(REST_GOAL_PERCENT, "controller at rest before", percent, "% of a core");
  }

  private void alone(
      Sheet sheet, Rig rig, Controller leader, Policy policy, Fleet burst, Fleet bare)
      throws InterruptedException {
    int nodes = burst.size();
    Burst done = release(rig, leader, policy, burst);
    Duration time = done.time();
    Tally tally = done.tally();
    report(sheet, rig, burst, done);
    sheet.atMost(
        CPU_GOAL_MICROS,
        "CPU of the controller a node",
        done.controller().toNanos() / 1e3 / nodes,
        "us");
    done.server().report(sheet, "", nodes);
    sheet.exactly(0, "GETs of nodes", tally.gets());

    ServerLook before = rig.server();
    Ceiling.Rate ceiling = Ceiling.of(rig, leader).measure(bare, tally.samples());
    rig.settle(SETTLE_SECONDS);
    ServerCosts.between(before, rig.server()).report(sheet, ", bare writer", nodes);
    sheet.figure("rate of the bare writer", ceiling.perSecond(), "patches/s");
    sheet.ceiling(
        nodes > LARGE ? LARGE_CEILING_GOAL : CEILING_GOAL,
        tally.writes() / seconds(time),
        ceiling.perSecond());
    double longest =
        rig.watcher().group(burst).stream().mapToLong(Sight::warm).max().orElseThrow()
            - done.beginNanos();
    sheet.atMost(
        WAIT_GOAL,
        "longest wait over the bare writer's time",
        longest / ceiling.time().toNanos(),
        "");
  }

  private void besideHog(Sheet sheet, Rig rig, Controller leader, Policy policy, Fleet burst)
      throws InterruptedException {
    Burst done;
    CpuHog hog = CpuHog.start(Machine.here().cores());
    try {
      done = release(rig, leader, policy, burst);
    } finally {
      hog.close();
    }
    report(sheet, rig, burst, done);
    sheet.none("GETs of nodes", done.tally().gets());
  }

  /**
   * What became of it.
   *
   * @param time until the last write
   * @param controller its CPU time
   */
  private record Burst(
      Tally tally, Duration time, long beginNanos, Duration controller, ServerCosts server) {}

  private Burst release(Rig rig, Controller leader, Policy policy, Fleet burst)
      throws InterruptedException {
    rig.audit().drain(entry -> {});
    ServerLook before = rig.server();
    Duration cpu = leader.cpu();
    Instant begin = clock.instant();
    long beginNanos = System.nanoTime();
    policy.release();
    rig.awaitWarm(burst);
    Duration busy = leader.cpu().minus(cpu);
    // A write too many would still come.
    rig.settle(SETTLE_SECONDS);
    ServerCosts costs = ServerCosts.between(before, rig.server());
    Tally tally = Tally.of(burst.prefix()).read(rig.audit());
    return new Burst(tally, Duration.between(begin, tally.end()), beginNanos, busy, costs);
  }

  private static void report(Sheet sheet, Rig rig, Fleet burst, Burst done) {
    Tally tally = done.tally();
    Percentiles waits =
        Percentiles.of(
            rig.watcher().group(burst).stream()
                .map(sight -> Duration.ofNanos(sight.warm() - done.beginNanos()))
                .toList());
    sheet.figure("until the last write", seconds(done.time()), "s");
    sheet.figure("rate", tally.writes() / seconds(done.time()), "patches/s");
    sheet.figure("wait of a node, P50", waits.millis(50), "ms");
    sheet.figure("wait of a node, longest", waits.millis(100), "ms");
    sheet.cost("requests about Events", tally.events());
    done.server().watches(sheet, tally);
    sheet.exactly(burst.size(), "patches of nodes", tally.metadataPatches());
    sheet.exactly(burst.size(), "patches of nodes/status", tally.statusPatches());
    sheet.exactly(0, "nodes patched twice", tally.doubled());
    sheet.exactly(0, "refused writes", tally.refusals());
    sheet.exactly(0, "flaps", rig.watcher().flaps(burst));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
