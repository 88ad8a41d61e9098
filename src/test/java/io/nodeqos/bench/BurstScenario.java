// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import io.nodeqos.bench.Watcher.Sight;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Many nodes that get their configuration and the mark at once: they are Ready with the startup
 * taint, and the one thing that holds them is lifted in one write.
 */
final class BurstScenario implements Scenario {
  private static final double CEILING_GOAL = 0.9;
  private static final double WAIT_GOAL = 1.2;
  private static final int SETTLE_SECONDS = 2;

  private final Clock clock = Clock.systemUTC();

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
      results.add(run(bench, nodes, false));
      results.add(run(bench, nodes, true));
    }
  }

  /**
   * One burst.
   *
   * @param admission whether the admission policies look at each write
   */
  Sheet run(Bench bench, int nodes, boolean admission) throws InterruptedException {
    String setup = nodes + " nodes" + (admission ? ", admission policies" : "");
    Sheet sheet = Sheet.begin(setup, nodes, 1);
    try (Rig rig = Rig.start(bench)) {
      Controller leader = rig.startReplicas(1, Map.of());
      if (admission) {
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

      rig.audit().drain(entry -> {});
      Duration cpu = leader.cpu();
      Instant begin = clock.instant();
      long beginNanos = System.nanoTime();
      policy.release();
      rig.awaitWarm(burst);
      Duration busy = leader.cpu().minus(cpu);
      // A write too many would still come.
      rig.settle(SETTLE_SECONDS);
      Tally tally = Tally.of(burst.prefix()).read(rig.audit());
      report(sheet, rig, burst, tally, Duration.between(begin, tally.end()), beginNanos);
      sheet.figure("CPU of the controller a node", busy.toNanos() / 1e3 / nodes, "us");

      Ceiling.Rate ceiling = Ceiling.of(rig, leader).measure(bare, tally.samples());
      double rate = tally.writes() / seconds(Duration.between(begin, tally.end()));
      sheet.figure("rate of the bare writer", ceiling.perSecond(), "patches/s");
      sheet.ceiling(CEILING_GOAL, rate, ceiling.perSecond());
      double longest =
          rig.watcher().group(burst).stream().mapToLong(Sight::warm).max().orElseThrow()
              - beginNanos;
      sheet.atMost(
          WAIT_GOAL,
          "longest wait over the bare writer's time",
          longest / ceiling.time().toNanos(),
          "");
    }
    return sheet;
  }

  private static void report(
      Sheet sheet, Rig rig, Fleet burst, Tally tally, Duration time, long beginNanos) {
    Percentiles waits =
        Percentiles.of(
            rig.watcher().group(burst).stream()
                .map(sight -> Duration.ofNanos(sight.warm() - beginNanos))
                .toList());
    sheet.figure("until the last write", seconds(time), "s");
    sheet.figure("rate", tally.writes() / seconds(time), "patches/s");
    sheet.figure("wait of a node, P50", waits.millis(50), "ms");
    sheet.figure("wait of a node, longest", waits.millis(100), "ms");
    sheet.cost("requests about Events", tally.events());
    sheet.exactly(burst.size(), "patches of nodes", tally.metadataPatches());
    sheet.exactly(burst.size(), "patches of nodes/status", tally.statusPatches());
    sheet.exactly(0, "nodes patched twice", tally.doubled());
    sheet.exactly(0, "GETs of nodes", tally.gets());
    sheet.exactly(0, "refused writes", tally.refusals());
    sheet.exactly(0, "flaps", rig.watcher().flaps(burst));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
