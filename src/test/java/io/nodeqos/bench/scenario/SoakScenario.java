// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.fleet.ReadyFeed;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.ServerCosts;
import io.nodeqos.bench.rig.ServerLook;
import io.nodeqos.bench.rig.Tally;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The life of a cluster for a while: nodes join and leave, pods come and go in reserved namespaces,
 * kubelets post their status. What one replica holds must not grow.
 */
public final class SoakScenario implements Scenario {
  private static final String JOINING = "join";
  private static final int JOINING_PER_SECOND = 2;
  private static final int LIFE_SECONDS = 40;
  private static final int PODS_PER_SECOND = 10;
  private static final double HEARTBEAT_SECONDS = 300;

  /** What is shorter says nothing about growth. */
  private static final int MIN_MINUTES_FOR_GOALS = 10;

  private static final int MAX_LOOKS = 720;

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public String about() {
    return "--minutes N: nodes join and leave, pods come and go: memory, threads, files stay";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int nodes = bench.size(1_000, 200);
    int minutes = bench.minutes().orElse(bench.pick(30, 1));
    try (Rig rig = Rig.start(bench)) {
      Fleet fleet = rig.fleet("settled");
      Policy.create(rig.admin(), fleet.group(), false);
      fleet.grow(nodes, true);
      Controller leader = rig.startReplicas(1, Map.of());
      ConvergedFleet.awaitWritten(rig, fleet, leader);
      // The caches of a namespace that becomes a reserved one begin with LISTs.
      PodChurn pods = PodChurn.prepare(rig, fleet, PODS_PER_SECOND);
      rig.settle(2);
      Sheet sheet =
          Sheet.begin(
              nodes + " nodes, " + (minutes == 1 ? "1 minute" : minutes + " minutes"), nodes, 1);
      rig.audit().drain(entry -> {});
      SoakSamples samples = new SoakSamples(leader);
      live(sheet, rig, fleet, pods, samples, minutes);
      samples.report(sheet, minutes >= MIN_MINUTES_FOR_GOALS);
      results.add(sheet);
      results.draw(samples.chart());
    }
  }

  private static void live(
      Sheet sheet, Rig rig, Fleet fleet, PodChurn churn, SoakSamples samples, int minutes)
      throws InterruptedException {
    Tally settled = Tally.of(fleet.prefix());
    Tally joined = Tally.of(JOINING + "-");
    ServerLook before = rig.server();
    try (JoinFeed joins = JoinFeed.start(rig, JOINING, JOINING_PER_SECOND, LIFE_SECONDS);
        PodChurn pods = churn;
        ReadyFeed beats =
            ReadyFeed.start(
                fleet.size() / HEARTBEAT_SECONDS,
                Integer.MAX_VALUE,
                number -> fleet.heartbeat(number % fleet.size(), number / fleet.size()))) {
      pods.begin();
      rig.progress().step("living", () -> (int) samples.minutes() + "/" + minutes + " minutes");
      sample(
          samples,
          minutes,
          () -> {
            joins.check();
            pods.check();
            int unused = beats.done();
            read(rig, settled, joined);
          });
      beats.stop();
      int unused = pods.end();
      joins.finish(sheet);
      rig.settle(2);
      read(rig, settled, joined);
    }
    ServerCosts.between(before, rig.server()).watches(sheet, joined);
    sheet.exactly(joined.nodes(), "patches of nodes", joined.metadataPatches());
    sheet.exactly(joined.nodes(), "patches of nodes/status", joined.statusPatches());
    sheet.exactly(0, "nodes patched twice", joined.doubled());
    sheet.exactly(0, "writes to settled nodes", settled.writes() + settled.refusals());
    sheet.exactly(0, "GETs of nodes", settled.gets() + joined.gets());
    sheet.exactly(0, "flaps of settled nodes", rig.watcher().flaps(fleet));
  }

  private static void read(Rig rig, Tally settled, Tally joined) {
    rig.audit()
        .drain(
            entry -> {
              settled.accept(entry);
              joined.accept(entry);
            });
  }

  /** So many looks, of which every twelfth is at the heap as well. */
  private static void sample(SoakSamples samples, int minutes, Runnable check)
      throws InterruptedException {
    double seconds = TimeUnit.MINUTES.toSeconds(minutes);
    double period = Math.max(Math.min(5, seconds / 60), seconds / MAX_LOOKS);
    for (int number = 1; samples.minutes() < minutes; number++) {
      samples.look();
      check.run();
      if (number % 12 == 0) {
        samples.lookAtHeap();
      }
      double wait = number * period - samples.minutes() * 60;
      TimeUnit.MILLISECONDS.sleep(Math.max(0, (long) (wait * 1_000)));
    }
    samples.lookAtHeap();
  }
}
