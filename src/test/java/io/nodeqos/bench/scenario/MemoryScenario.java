// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import com.google.gson.JsonObject;
import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Gateway;
import io.nodeqos.bench.fleet.GeneratedNodes;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.ControllerJvm;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import io.nodeqos.e2e.rig.Api;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What one replica, which leads, keeps in memory for so many nodes. */
public final class MemoryScenario implements Scenario {
  private static final double PEAK_GOAL = 1.25;

  /** More than that come from a source that makes them as they are sent. */
  private static final int MAX_REAL_NODES = 20_000;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String about() {
    return "resident memory with 50, 5,000, 20,000 and 100,000 nodes";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    for (int nodes : bench.sizes(List.of(50, 5_000, 20_000, 100_000), List.of(500, 5_000))) {
      boolean real = nodes <= (bench.quick() ? 1_000 : MAX_REAL_NODES);
      results.add(real ? real(bench, nodes) : streamed(bench, nodes));
    }
  }

  /** Nodes on the server, which this replica has warmed up. */
  private static Sheet real(Bench bench, int nodes) throws InterruptedException {
    Sheet sheet = Sheet.begin(nodes + " nodes", nodes, 1);
    try (Rig rig = Rig.start(bench)) {
      Policy.create(rig.admin(), "warm", false);
      Fleet fleet = rig.fleet("warm");
      fleet.grow(nodes, true);
      Controller leader = rig.startReplicas(1, Map.of());
      ConvergedFleet.awaitWritten(rig, fleet, leader);
      measure(sheet, rig, leader, nodes, bench);
      Tally tally = Tally.of(fleet.prefix()).read(rig.audit());
      sheet.exactly(nodes, "patches of nodes", tally.metadataPatches());
      sheet.exactly(0, "flaps", rig.watcher().flaps(fleet));
    }
    return sheet;
  }

  /** Nodes that are like one that was warmed up before, from a list and a watch made for it. */
  private static Sheet streamed(Bench bench, int nodes) throws InterruptedException {
    Sheet sheet = Sheet.begin(nodes + " nodes, streamed", nodes, 1);
    try (Rig rig = Rig.start(bench)) {
      Fleet one = ConvergedFleet.make(rig, 1);
      Api.Reply reply = rig.admin().get("/api/v1/nodes/" + one.name(0)).succeeded();
      JsonObject metadata = reply.json().getAsJsonObject("metadata");
      GeneratedNodes all =
          GeneratedNodes.like(
              reply.json().toString(), one.name(0), metadata.get("uid").getAsString(), nodes);
      try (Gateway gateway = Gateway.start(rig.plane(), all)) {
        ControllerJvm jvm = ControllerJvm.ofDeployment();
        Controller leader =
            rig.start(
                nodes <= MAX_REAL_NODES ? jvm : jvm.withLimit(limitMiB(jvm, nodes)),
                Map.of(),
                gateway.address());
        rig.awaitLeader(List.of(leader));
        rig.await("idle replica", () -> leader.queued() == 0);
        measure(sheet, rig, leader, nodes, bench);
        Tally tally = Tally.of(GeneratedNodes.PREFIX).read(rig.audit());
        sheet.exactly(0, "writes to nodes", tally.writes() + tally.refusals());
        rig.end(leader);
      }
    }
    return sheet;
  }

  private static void measure(Sheet sheet, Rig rig, Controller leader, int nodes, Bench bench)
      throws InterruptedException {
    rig.progress().step("letting memory settle");
    TimeUnit.SECONDS.sleep(bench.pick(60, 10));
    double settled = leader.residentKiB() / 1024.0;
    double peak = leader.peakKiB() / 1024.0;
    sheet.atMost(goalMiB(nodes), "resident memory", settled, "MiB");
    sheet.figure("most resident memory", peak, "MiB");
    sheet.atMost(PEAK_GOAL, "most over settled", peak / settled, "");
    sheet.exactly(nodes, "nodes in its cache", (long) leader.metric("qos_fleet_nodes"));
  }

  private static double goalMiB(int nodes) {
    return nodes <= 50 ? 86 : nodes <= 5_000 ? 120 : nodes <= MAX_REAL_NODES ? 192 : 450;
  }

  /** What a container for so many nodes is given: 5 KiB of heap for each more. */
  private static long limitMiB(ControllerJvm jvm, int nodes) {
    return jvm.limitMiB() + nodes / 200;
  }
}
