// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Gateway;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.fleet.TamperedNodes;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.ControllerJvm;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Nothing differs, and then the replicas end, or their cache of Nodes is lost, or a list shows them
 * that the nodes are gone: no node may be touched.
 */
public final class RestartScenario implements Scenario {
  private static final int REPLICAS = 2;
  private static final String GROUP = "settled";

  /** In which a needless write would come. */
  private static final int WATCH_SECONDS = 5;

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public String about() {
    return "all converged: restart, failover, 410, empty and partial lists; no write, no flap";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int nodes = bench.size(1_000, 200);
    try (Rig rig = Rig.start(bench)) {
      Policy.create(rig.admin(), GROUP, false);
      Fleet fleet = rig.fleet(GROUP);
      fleet.grow(nodes, true);
      Map<String, String> election = rig.installation().overlay("fast-failover").election();
      Stage stage = new Stage(rig, fleet, election);
      stage.begin();
      results.add(stage.during("restart of all replicas", stage::restartAll));
      results.add(stage.during("SIGTERM of the leader", () -> stage.endLeader(false)));
      results.add(stage.during("SIGKILL of the leader", () -> stage.endLeader(true)));
      stage.endAll();
      lostCache(rig, stage, results);
    }
  }

  private static void lostCache(Rig rig, Stage stage, Results results) throws InterruptedException {
    TamperedNodes nodes = new TamperedNodes();
    try (Gateway gateway = Gateway.start(rig.plane(), nodes)) {
      for (TamperedNodes.Lists lists : TamperedNodes.Lists.values()) {
        // A new replica for each, as the pauses between lists grow with each failure.
        stage.startBehind(gateway.address());
        results.add(
            stage.during(
                "410 and " + lists.text(),
                () -> {
                  relist(rig, nodes, lists);
                  rig.settle(WATCH_SECONDS);
                  relist(rig, nodes, TamperedNodes.Lists.COMPLETE);
                }));
        stage.endAll();
      }
    }
  }

  private static void relist(Rig rig, TamperedNodes nodes, TamperedNodes.Lists lists)
      throws InterruptedException {
    int served = nodes.expire(lists);
    rig.await("list of nodes after a 410", () -> nodes.served() > served);
  }

  private interface Fault {
    void happens() throws InterruptedException;
  }

  /** The replicas of this scenario. Used by one thread. */
  private static final class Stage {
    private final Rig rig;
    private final Fleet fleet;
    private final Map<String, String> settings;
    private List<Controller> replicas = List.of();

    Stage(Rig rig, Fleet fleet, Map<String, String> settings) {
      this.rig = rig;
      this.fleet = fleet;
      this.settings = settings;
    }

    void begin() throws InterruptedException {
      startAll();
      rig.awaitWarm(fleet);
      // The status comes after the mark.
      rig.settle(WATCH_SECONDS);
    }

    private void startAll() throws InterruptedException {
      List<Controller> started = new ArrayList<>();
      for (int i = 0; i < REPLICAS; i++) {
        started.add(rig.start(ControllerJvm.ofDeployment(), settings));
      }
      replicas = started;
      rig.awaitLeader(started);
    }

    void startBehind(URI gateway) throws InterruptedException {
      replicas = List.of(rig.start(ControllerJvm.ofDeployment(), settings, gateway));
      rig.awaitLeader(replicas);
    }

    void endAll() {
      replicas.forEach(rig::end);
      replicas = List.of();
    }

    void restartAll() throws InterruptedException {
      endAll();
      startAll();
    }

    void endLeader(boolean kill) throws InterruptedException {
      Controller leader = rig.awaitLeader(replicas);
      List<Controller> others = new ArrayList<>(replicas);
      others.remove(leader);
      if (kill) {
        leader.run().kill();
      }
      rig.end(leader);
      rig.awaitLeader(others);
      others.add(rig.start(ControllerJvm.ofDeployment(), settings));
      replicas = others;
      rig.awaitLeader(others);
    }

    Sheet during(String description, Fault fault) throws InterruptedException {
      Sheet sheet = Sheet.begin(description, fleet.size(), Math.max(1, replicas.size()));
      rig.audit().drain(entry -> {});
      long flaps = rig.watcher().flaps(fleet);
      long begin = System.nanoTime();
      fault.happens();
      sheet.figure("took", Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1e3, "s");
      rig.settle(WATCH_SECONDS);
      Tally tally = Tally.of(fleet.prefix()).read(rig.audit());
      sheet.exactly(0, "writes to nodes", tally.writes());
      sheet.exactly(0, "refused writes", tally.refusals());
      sheet.exactly(0, "GETs of nodes", tally.gets());
      sheet.exactly(0, "flaps", rig.watcher().flaps(fleet) - flaps);
      return sheet;
    }
  }
}
