// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Crew;
import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.ReadyFeed;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.ControllerJvm;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Kubelets say that nothing has changed, each every five minutes. */
public final class HeartbeatScenario implements Scenario {
  private static final double PERIOD_SECONDS = 300;
  private static final double CORE_GOAL_PERCENT = 1;
  private static final double REST_GOAL_PERCENT = 0.45;
  private static final double EVENT_GOAL_MICROS = 250;
  private static final int REPLICAS = 2;
  private static final int THREADS = 16;

  @Override
  public String name() {
    return "heartbeat";
  }

  @Override
  public String about() {
    return "N nodes that post an unchanged status every 5 minutes: CPU of each replica, no write";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int nodes = bench.size(5_000, 300);
    int seconds = bench.pick(120, 15);
    try (Rig rig = Rig.start(bench)) {
      Fleet fleet = ConvergedFleet.make(rig, nodes);
      List<Controller> replicas = new ArrayList<>();
      for (int i = 0; i < REPLICAS; i++) {
        replicas.add(rig.start(ControllerJvm.ofDeployment(), Map.of()));
      }
      Controller leader = rig.awaitLeader(replicas);
      // A first round, for which the code is compiled.
      all(rig, fleet, 0);
      rig.settle(5);
      Sheet sheet = Sheet.begin(nodes + " nodes", nodes, REPLICAS);
      rig.audit().drain(entry -> {});
      List<Duration> idle = cpuOf(replicas, () -> TimeUnit.SECONDS.sleep(seconds), rig);
      List<Duration> beating = cpuOf(replicas, () -> steadily(rig, fleet, seconds), rig);
      long begin = System.nanoTime();
      List<Duration> dense = cpuOf(replicas, () -> all(rig, fleet, 2), rig);
      double denseSeconds = (System.nanoTime() - begin) / 1e9;
      for (int i = 0; i < REPLICAS; i++) {
        String who = replicas.get(i).equals(leader) ? "leader" : "standby";
        sheet.atMost(
            REST_GOAL_PERCENT,
            who + ", nothing happens",
            percent(idle.get(i), seconds),
            "% of a core");
        sheet.atMost(
            CORE_GOAL_PERCENT,
            who + ", heartbeats",
            percent(beating.get(i), seconds),
            "% of a core");
        double idlePart = idle.get(i).toNanos() / 1e3 * denseSeconds / seconds;
        sheet.atMost(
            EVENT_GOAL_MICROS,
            who + ", CPU of an irrelevant event",
            Math.max(0, dense.get(i).toNanos() / 1e3 - idlePart) / nodes,
            "us");
      }
      Tally tally = Tally.of(fleet.prefix()).read(rig.audit());
      sheet.exactly(0, "writes to nodes", tally.writes());
      sheet.exactly(0, "GETs of nodes", tally.gets());
      sheet.exactly(0, "flaps", rig.watcher().flaps(fleet));
      results.add(sheet);
    }
  }

  private interface Action {
    void run() throws InterruptedException;
  }

  private static List<Duration> cpuOf(List<Controller> replicas, Action action, Rig rig)
      throws InterruptedException {
    rig.progress().step("measuring CPU");
    List<Duration> before = replicas.stream().map(Controller::cpu).toList();
    action.run();
    List<Duration> used = new ArrayList<>();
    for (int i = 0; i < replicas.size(); i++) {
      used.add(replicas.get(i).cpu().minus(before.get(i)));
    }
    return used;
  }

  private static void steadily(Rig rig, Fleet fleet, int seconds) throws InterruptedException {
    double perSecond = fleet.size() / PERIOD_SECONDS;
    try (ReadyFeed feed =
        ReadyFeed.start(
            perSecond,
            Integer.MAX_VALUE,
            number -> fleet.heartbeat(number % fleet.size(), 1 + number / fleet.size()))) {
      TimeUnit.SECONDS.sleep(seconds);
      feed.stop();
    }
    rig.progress().step("");
  }

  /** Each node once, as fast as the server takes it. */
  private static void all(Rig rig, Fleet fleet, int hour) throws InterruptedException {
    AtomicInteger done = new AtomicInteger();
    rig.progress().step("heartbeats", () -> done.get() + "/" + fleet.size());
    Crew.each(
        THREADS,
        0,
        fleet.size(),
        done,
        number -> fleet.heartbeat(number, 3_600 * (hour + 1) + number % 3_600));
    // What is still on its way to the replicas.
    TimeUnit.SECONDS.sleep(1);
  }

  private static double percent(Duration cpu, int seconds) {
    return cpu.toNanos() / 1e9 / seconds * 100;
  }
}
