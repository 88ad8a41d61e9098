// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.report.Percentiles;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import io.nodeqos.bench.scenario.FailoverRounds.Disturbance;
import io.nodeqos.bench.scenario.FailoverRounds.End;
import io.nodeqos.bench.scenario.FailoverRounds.Fault;
import io.nodeqos.bench.scenario.FailoverRounds.Round;
import io.nodeqos.fixture.TcpProxy;
import io.nodeqos.node.value.GoDuration;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The leader ends again and again while ten nodes join a second. */
public final class FailoverScenario implements Scenario {
  private static final int REPLICAS = 3;
  private static final int FULL_KILLED = 100;
  private static final int FULL_STOPPED = 30;
  private static final int FULL_RESET = 30;
  private static final int FULL_RESTARTED = 10;
  private static final double GRACEFUL_GOAL_MILLIS = 250;
  private static final double OVERDUE_GOAL_MILLIS = 300;
  private static final double TAKEOVER_GOAL_MILLIS = 40;

  /** For the last writes after a part. */
  private static final int LIMIT_SECONDS = 30;

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
    int perSecond = SteadyScenario.PER_SECOND;
    int terminated = bench.pick(100, 5);
    if (!bench.full()) {
      run(bench, results, terminated, bench.pick(30, 3), perSecond);
      return;
    }
    int scale = bench.pick(1, 10);
    try (Rig rig = Rig.start(bench)) {
      Course course = Course.start(rig, results, rig.plane().server(), perSecond);
      course.end(End.SIGTERM, terminated);
      course.end(End.SIGKILL, FULL_KILLED / scale);
      course.end(End.SIGSTOP, FULL_STOPPED / scale);
      rig.watcher().allowRestarts();
      course.disturb(
          "restart of the API server",
          FULL_RESTARTED / scale,
          () -> {
            rig.plane().kill("kube-apiserver");
            rig.plane().startAgain();
          });
      course.rounds.end();
      try (TcpProxy proxy = TcpProxy.to(rig.plane().server())) {
        Course resets = Course.start(rig, results, proxy.address(), perSecond);
        resets.disturb("reset of all connections", FULL_RESET / scale, proxy::resetAll);
        resets.rounds.end();
      }
    }
  }

  /**
   * So many rounds of each kind.
   *
   * @param terminated rounds with SIGTERM
   * @param killed rounds with SIGKILL
   * @param perSecond how many nodes join
   */
  public void run(Bench bench, Results results, int terminated, int killed, int perSecond)
      throws InterruptedException {
    try (Rig rig = Rig.start(bench)) {
      Course course = Course.start(rig, results, rig.plane().server(), perSecond);
      course.end(End.SIGTERM, terminated);
      course.end(End.SIGKILL, killed);
    }
  }

  /** The kinds of faults that the same replicas go through, each with nodes of its own. */
  private static final class Course {
    private final Rig rig;
    private final Results results;
    private final FailoverRounds rounds;
    private final Duration lease;
    private final int perSecond;

    private Course(Rig rig, Results results, FailoverRounds rounds, Duration lease, int perSecond) {
      this.rig = rig;
      this.results = results;
      this.rounds = rounds;
      this.lease = lease;
      this.perSecond = perSecond;
    }

    static Course start(Rig rig, Results results, URI server, int perSecond)
        throws InterruptedException {
      Map<String, String> election = rig.installation().overlay("fast-failover").election();
      return new Course(
          rig,
          results,
          FailoverRounds.start(rig, REPLICAS, election, server),
          GoDuration.parse(election.get(LEASE_DURATION)),
          perSecond);
    }

    void end(End end, int count) throws InterruptedException {
      during(
          count + " x " + end,
          "join-" + end.name().toLowerCase(Locale.ROOT),
          sheet -> {
            List<Round> done = rounds.run(end, count);
            if (end == End.SIGTERM) {
              graceful(sheet, done);
            } else {
              crash(sheet, done, lease);
            }
          });
    }

    void disturb(String what, int count, Fault fault) throws InterruptedException {
      during(
          count + " x " + what,
          "join-" + what.substring(0, what.indexOf(' ')),
          sheet -> disturbed(sheet, rounds.disturb(what, count, fault)));
    }

    private boolean isWritten(JoinFeed feed) {
      return rounds.tally().statusPatches() >= feed.joined();
    }

    private interface Part {
      void run(Sheet sheet) throws InterruptedException;
    }

    private void during(String setup, String group, Part part) throws InterruptedException {
      rounds.count(group);
      try (JoinFeed feed = JoinFeed.start(rig, group, perSecond)) {
        Sheet sheet = Sheet.begin(setup, 0, REPLICAS);
        part.run(sheet);
        feed.finish(sheet);
        // The status comes after the mark.
        for (int second = 0; second < LIMIT_SECONDS && !isWritten(feed); second++) {
          rig.settle(1);
        }
        rig.settle(2);
        Tally tally = rounds.tally();
        sheet.exactly(0, "nodes patched twice", tally.doubled());
        patches(sheet, feed.joined(), "nodes", tally.metadataPatches(), tally);
        patches(sheet, feed.joined(), "nodes/status", tally.statusPatches(), tally);
        results.add(sheet);
        feed.remove();
      }
    }
  }

  /**
   * A killed leader leaves writes without a reply; who reads the node knows whether they came in.
   */
  private static void patches(
      Sheet sheet, long nodes, String resource, long accepted, Tally tally) {
    long unanswered = tally.unanswered(resource);
    if (unanswered == 0) {
      sheet.exactly(nodes, "patches of " + resource, accepted);
    } else {
      sheet.between(nodes - unanswered, nodes, "patches of " + resource, accepted);
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

  private static void disturbed(Sheet sheet, List<Disturbance> rounds) {
    Percentiles gaps = of(rounds, Disturbance::gap);
    Percentiles after = of(rounds, Disturbance::sinceEnd);
    sheet.figure("last write before to first one after, P50", gaps.millis(50), "ms");
    sheet.figure("last write before to first one after, P99", gaps.millis(99), "ms");
    sheet.figure("end of it to first write, P50", after.millis(50), "ms");
    sheet.figure("end of it to first write, P99", after.millis(99), "ms");
    sheet.cost("new leaders", rounds.stream().filter(Disturbance::newLeader).count());
    sheet.exactly(
        0, "overlapping writes", rounds.stream().mapToLong(Disturbance::overlapping).sum());
  }

  private static <T> Percentiles of(List<T> rounds, Function<T, Duration> value) {
    return Percentiles.of(rounds.stream().map(value).toList());
  }
}
