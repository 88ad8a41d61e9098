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
import io.nodeqos.bench.rig.ServerCosts;
import io.nodeqos.bench.rig.ServerLook;
import io.nodeqos.bench.rig.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A hundred pods a second come and go in reserved namespaces, on nodes that are warm. */
public final class ChurnScenario implements Scenario {
  private static final int PER_SECOND = 100;
  private static final int FIRST_SECONDS = 6;

  @Override
  public String name() {
    return "churn";
  }

  @Override
  public String about() {
    return "100 pods come and go a second in reserved namespaces: CPU of an event, no write";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int seconds = bench.pick(60, 10);
    results.add(run(bench, bench.size(1_000, 300), PER_SECOND, seconds));
  }

  /** One setup, for so long. */
  Sheet run(Bench bench, int nodes, int perSecond, int seconds) throws InterruptedException {
    try (Rig rig = Rig.start(bench)) {
      Fleet fleet = rig.fleet("churned");
      Policy policy = Policy.create(rig.admin(), fleet.group(), false);
      // The pods that come and go are of those for which the nodes have waited.
      policy.awaitPods(Workloads.NAMESPACE, List.of(Workloads.AGENT, PodChurn.APP));
      fleet.grow(nodes, true);
      Workloads.create(rig).on(fleet, true);
      Controller leader = rig.startReplicas(1, Map.of());
      ConvergedFleet.awaitWritten(rig, fleet, leader);
      try (PodChurn churn = PodChurn.prepare(rig, fleet, perSecond)) {
        // A first round, for which the code is compiled.
        rig.progress().step("pods that come and go, uncounted");
        churn.begin();
        TimeUnit.SECONDS.sleep(FIRST_SECONDS);
        int unused = churn.end();
        rig.settle(FIRST_SECONDS);
        Sheet sheet = Sheet.begin(nodes + " nodes, " + perSecond + " pods a second", nodes, 1);
        measure(sheet, rig, leader, fleet, churn, seconds);
        return sheet;
      }
    }
  }

  private static void measure(
      Sheet sheet, Rig rig, Controller leader, Fleet fleet, PodChurn churn, int seconds)
      throws InterruptedException {
    rig.audit().drain(entry -> {});
    rig.progress().step("measuring CPU while nothing happens");
    Duration cpu = leader.cpu();
    TimeUnit.SECONDS.sleep(seconds);
    double idle = leader.cpu().minus(cpu).toNanos() / 1e3 / seconds;

    long resident = leader.residentKiB();
    ServerLook before = rig.server();
    rig.progress().step("pods that come and go");
    cpu = leader.cpu();
    long begin = System.nanoTime();
    churn.begin();
    TimeUnit.SECONDS.sleep(seconds);
    int events = churn.end();
    // What is still on its way to the replica.
    TimeUnit.SECONDS.sleep(1);
    double busy = leader.cpu().minus(cpu).toNanos() / 1e3;
    double took = (System.nanoTime() - begin) / 1e9;
    rig.settle(2);
    ServerCosts costs = ServerCosts.between(before, rig.server());
    Tally tally = Tally.of(fleet.prefix()).read(rig.audit());
    sheet.figure("events of pods", events / took, "events/s");
    sheet.figure("leader, nothing happens", idle / 1e4, "% of a core");
    sheet.figure("leader, pods come and go", busy / took / 1e4, "% of a core");
    sheet.figure("CPU of an event", Math.max(0, busy - idle * took) / events, "us");
    sheet.figure("resident memory before", resident / 1024.0, "MiB");
    sheet.figure("resident memory after", leader.residentKiB() / 1024.0, "MiB");
    costs.watches(sheet, tally);
    sheet.exactly(0, "writes to nodes", tally.writes() + tally.refusals());
    sheet.exactly(0, "GETs of nodes", tally.gets());
    sheet.exactly(0, "flaps", rig.watcher().flaps(fleet));
  }
}
