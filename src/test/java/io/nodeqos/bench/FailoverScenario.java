// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import io.nodeqos.bench.FailoverRounds.End;
import io.nodeqos.bench.FailoverRounds.Round;
import io.nodeqos.node.value.GoDuration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The leader ends again and again while ten nodes join a second. */
final class FailoverScenario implements Scenario {
  private static final int REPLICAS = 3;
  private static final double GRACEFUL_GOAL_MILLIS = 250;
  private static final double OVERDUE_GOAL_MILLIS = 300;
  private static final double TAKEOVER_GOAL_MILLIS = 50;
  private static final String LEASE_DURATION = "NODEQOS_LEADERELECTION_LEASEDURATION";

  @Override
  public String name() {
    return "failover";
  }

  @Override
  public String about() {
    return "SIGTERM and SIGKILL of the leader, again and again, while 10 nodes join a second";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    run(bench, results, bench.pick(100, 5), bench.pick(30, 3), SteadyScenario.PER_SECOND);
  }

  /**
   * So many rounds of each kind.
   *
   * @param terminated rounds with SIGTERM
   * @param killed rounds with SIGKILL
   * @param perSecond how many nodes join
   */
  void run(Bench bench, Results results, int terminated, int killed, int perSecond)
      throws InterruptedException {
    try (Rig rig = Rig.start(bench)) {
      Map<String, String> election = rig.installation().overlay("fast-failover").election();
      FailoverRounds rounds = FailoverRounds.start(rig, REPLICAS, election, JoinFeed.PREFIX);
      try (JoinFeed feed = JoinFeed.start(rig, perSecond)) {
        Sheet gentle = Sheet.begin(terminated + " x SIGTERM", feed.nodes(), REPLICAS);
        graceful(gentle, rounds.run(End.SIGTERM, terminated));
        results.add(gentle);
        Sheet hard = Sheet.begin(killed + " x SIGKILL", feed.nodes(), REPLICAS);
        crash(
            hard, rounds.run(End.SIGKILL, killed), GoDuration.parse(election.get(LEASE_DURATION)));
        feed.finish(hard);
        rig.settle(2);
        Tally tally = rounds.tally();
        hard.exactly(0, "nodes patched twice", tally.doubled());
        hard.exactly(tally.nodes(), "patches of nodes", tally.metadataPatches());
        hard.exactly(tally.nodes(), "patches of nodes/status", tally.statusPatches());
        results.add(hard);
      }
    }
  }

  private static void graceful(Sheet sheet, List<Round> rounds) {
    Percentiles gaps = of(rounds, Round::gap);
    sheet.figure("last write to next leader's first, P50", gaps.millis(50), "ms");
    sheet.atMost(
        GRACEFUL_GOAL_MILLIS, "last write to next leader's first, P99", gaps.millis(99), "ms");
    both(sheet, rounds);
  }

  private static void crash(Sheet sheet, List<Round> rounds, Duration lease) {
    Percentiles since = of(rounds, Round::sinceRenewal);
    sheet.figure("last renewal to next leader's first write, P50", since.millis(50), "ms");
    sheet.atMost(
        lease.toMillis() + OVERDUE_GOAL_MILLIS,
        "last renewal to next leader's first write, longest",
        since.millis(100),
        "ms");
    sheet.atMost(
        TAKEOVER_GOAL_MILLIS,
        "take of the Lease to first write, P50",
        of(rounds, Round::firstWrite).millis(50),
        "ms");
    both(sheet, rounds);
  }

  private static void both(Sheet sheet, List<Round> rounds) {
    sheet.figure(
        "take of the Lease to first write, longest",
        of(rounds, Round::firstWrite).millis(100),
        "ms");
    sheet.exactly(0, "overlapping writes", rounds.stream().mapToLong(Round::overlapping).sum());
    sheet.cost("writes that were on their way", rounds.stream().mapToLong(Round::late).sum());
  }

  private static Percentiles of(List<Round> rounds, Function<Round, Duration> value) {
    return Percentiles.of(rounds.stream().map(value).toList());
  }
}
