// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.ControllerJvm;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Few and many policies over the same nodes: what each of them costs. */
public final class PoliciesScenario implements Scenario {
  private static final int NEW_WEIGHT = 9_000;

  /** More than a policy waits between two writes of its status. */
  private static final int DAMPING_SECONDS = 6;

  private final Clock clock = Clock.systemUTC();

  @Override
  public String name() {
    return "policies";
  }

  @Override
  public String about() {
    return "1, 50 and 500 policies for N nodes: until all agree, and the change of one";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int nodes = bench.size(5_000, 1_000);
    for (int policies : bench.quick() ? List.of(1, 100) : List.of(1, 50, 500)) {
      run(bench, results, nodes, policies);
    }
  }

  /** One number of policies. */
  public void run(Bench bench, Results results, int nodes, int policies)
      throws InterruptedException {
    try (Rig rig = Rig.start(bench)) {
      Fleet fleet = rig.fleet("many", PolicySet.parts());
      fleet.grow(nodes, true);
      PolicySet set = PolicySet.create(rig, policies);
      Sheet sheet = Sheet.begin(nodes + " nodes, " + plural(policies) + ", start", nodes, 1);
      Controller leader = start(sheet, rig, fleet, set);
      calm(sheet, rig, fleet, leader, bench.pick(30, 5));
      results.add(sheet);
      Sheet change =
          Sheet.begin(nodes + " nodes, " + plural(policies) + ", change of one", nodes, 1);
      change(change, rig, fleet, leader, set);
      results.add(change);
    }
  }

  private static String plural(int policies) {
    return policies == 1 ? "1 policy" : policies + " policies";
  }

  /** The two sides of the audit log. */
  private record Counts(Tally nodes, PolicyTally policies) {
    static Counts from(Fleet fleet) {
      return new Counts(Tally.of(fleet.prefix()), new PolicyTally());
    }

    Counts read(Rig rig) {
      rig.audit()
          .drain(
              entry -> {
                nodes.accept(entry);
                policies.accept(entry);
              });
      return this;
    }
  }

  private Controller start(Sheet sheet, Rig rig, Fleet fleet, PolicySet set)
      throws InterruptedException {
    rig.audit().drain(entry -> {});
    Instant begin = clock.instant();
    Controller leader = rig.start(ControllerJvm.ofDeployment(), Map.of());
    rig.awaitWarm(fleet);
    Counts counts = Counts.from(fleet);
    awaitReady(rig, fleet, set);
    Duration cpu = leader.cpu();
    counts.read(rig);
    sheet.figure("exec to last write to a node", since(begin, counts.nodes().end()), "s");
    sheet.figure(
        "exec to last write to a policy",
        since(begin, counts.policies().last().orElseThrow()),
        "s");
    sheet.figure("CPU of the controller", cpu.toNanos() / 1e9, "s");
    policies(sheet, counts);
    nodes(sheet, rig, fleet, counts, fleet.size());
    sheet.exactly(fleet.size(), "patches of nodes/status", counts.nodes().statusPatches());
    return leader;
  }

  private static void awaitReady(Rig rig, Fleet fleet, PolicySet set) throws InterruptedException {
    rig.progress().step("policies that are Ready", () -> set.unready().size() + " are not");
    // The status of a policy is damped, so some of them may be Ready before their last write.
    rig.awaitRarely("Ready on each policy", fleet.size(), () -> set.unready().isEmpty());
    rig.settle(DAMPING_SECONDS);
  }

  private static void calm(Sheet sheet, Rig rig, Fleet fleet, Controller leader, int seconds)
      throws InterruptedException {
    Duration cpu = leader.cpu();
    rig.settle(seconds);
    double percent = leader.cpu().minus(cpu).toNanos() / 1e7 / seconds;
    Counts counts = Counts.from(fleet).read(rig);
    sheet.figure("controller at rest", percent, "% of a core");
    sheet.figure("resident memory", leader.residentKiB() / 1024.0, "MiB");
    sheet.exactly(0, "writes to nodes at rest", counts.nodes().writes());
    sheet.exactly(
        0,
        "writes to policies at rest",
        counts.policies().statusWrites() + counts.policies().otherWrites());
  }

  private void change(Sheet sheet, Rig rig, Fleet fleet, Controller leader, PolicySet set)
      throws InterruptedException {
    int policy = set.winner();
    int expected = set.nodesOf(policy, fleet);
    Counts counts = Counts.from(fleet);
    Duration cpu = leader.cpu();
    Instant begin = clock.instant();
    rig.progress().step("changing a policy", () -> counts.nodes().nodes() + "/" + expected);
    set.change(policy, NEW_WEIGHT);
    rig.await(
        "new version on each node",
        fleet.size(),
        () -> counts.read(rig).nodes().nodes() >= expected);
    awaitReady(rig, fleet, set);
    counts.read(rig);
    Duration busy = leader.cpu().minus(cpu);
    sheet.figure("until the last write to a node", since(begin, counts.nodes().end()), "s");
    sheet.figure("CPU of the controller", busy.toNanos() / 1e9, "s");
    policies(sheet, counts);
    nodes(sheet, rig, fleet, counts, expected);
    sheet.exactly(0, "patches of nodes/status", counts.nodes().statusPatches());
    if (set.loser().isPresent()) {
      unfollowed(sheet, rig, fleet, leader, set, set.loser().getAsInt());
    }
  }

  /** The quota of such a policy is on no node. */
  private static void unfollowed(
      Sheet sheet, Rig rig, Fleet fleet, Controller leader, PolicySet set, int policy)
      throws InterruptedException {
    Duration cpu = leader.cpu();
    set.change(policy, NEW_WEIGHT);
    awaitReady(rig, fleet, set);
    Counts counts = Counts.from(fleet).read(rig);
    sheet.figure(
        "CPU of the controller, no node follows it", leader.cpu().minus(cpu).toNanos() / 1e9, "s");
    sheet.exactly(0, "writes to nodes, none follows it", counts.nodes().writes());
  }

  private static void policies(Sheet sheet, Counts counts) {
    sheet.cost("writes to the status of policies", counts.policies().statusWrites());
    sheet.cost("other writes to policies and revisions", counts.policies().otherWrites());
  }

  private static void nodes(Sheet sheet, Rig rig, Fleet fleet, Counts counts, int expected) {
    sheet.exactly(expected, "patches of nodes", counts.nodes().metadataPatches());
    sheet.exactly(0, "nodes patched twice", counts.nodes().doubled());
    sheet.exactly(0, "GETs of nodes", counts.nodes().gets());
    sheet.exactly(0, "refused writes", counts.nodes().refusals());
    sheet.exactly(0, "flaps", rig.watcher().flaps(fleet));
  }

  private static double since(Instant begin, Instant end) {
    return Duration.between(begin, end).toNanos() / 1e9;
  }
}
