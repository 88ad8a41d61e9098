// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.ControllerJvm;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.LeaderTermsAudit;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Handover;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Pause;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Term;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replicas whose leader ends or stops, or whose server is away for a moment, again and again. Used
 * by one thread.
 */
public final class FailoverRounds {
  /** In which a replica that goes on would write what it must not. */
  private static final int RESUMED_SECONDS = 2;

  private final Clock clock = Clock.systemUTC();
  private final Rig rig;
  private final Map<String, String> settings;
  private final URI server;
  private final ControllerJvm jvm;
  private final List<Controller> replicas = new ArrayList<>();

  /** All writes to the Lease. */
  private final List<Entry> leases = new ArrayList<>();

  /** Writes to nodes of the round. */
  private final List<Entry> writes = new ArrayList<>();

  private final List<Pause> pauses = new ArrayList<>();
  private Tally tally = Tally.of("");

  private FailoverRounds(Rig rig, Map<String, String> settings, URI server, ControllerJvm jvm) {
    this.rig = rig;
    this.settings = settings;
    this.server = server;
    this.jvm = jvm;
  }

  /** How a leader loses the Lease. */
  public enum End {
    SIGTERM,
    SIGKILL,

    /** SIGSTOP, and SIGCONT once another one leads. */
    SIGSTOP
  }

  /** What happens to all replicas, of which one goes on leading. */
  public interface Fault {
    void happens();
  }

  /**
   * One change of the leader, by the audit log.
   *
   * @param gap from the old leader's last write to a Node to the new one's first
   * @param firstWrite from the take of the Lease to that first write
   * @param sinceRenewal from the old leader's last renewal to that first write
   * @param overlapping accepted writes by one that no longer led
   * @param late accepted writes that were on their way
   */
  public record Round(
      Duration gap, Duration firstWrite, Duration sinceRenewal, int overlapping, int late) {}

  /**
   * One fault that all replicas survive, by the audit log.
   *
   * @param gap from the last write to a Node before it to the first one after it
   * @param sinceEnd from its end to that first write
   * @param newLeader whether the Lease has another holder
   * @param overlapping accepted writes by one that no longer led
   */
  public record Disturbance(Duration gap, Duration sinceEnd, boolean newLeader, int overlapping) {}

  /**
   * Starts replicas and waits until one leads.
   *
   * @param server where they find the API server
   */
  static FailoverRounds start(Rig rig, int replicas, Map<String, String> settings, URI server)
      throws InterruptedException {
    FailoverRounds rounds = new FailoverRounds(rig, settings, server, ControllerJvm.ofDeployment());
    for (int i = 0; i < replicas; i++) {
      rounds.replicas.add(rig.start(rounds.jvm, settings, server));
    }
    rig.awaitLeader(rounds.replicas);
    return rounds;
  }

  /**
   * From now on another group of nodes counts.
   *
   * @param group of which there is no node yet
   */
  void count(String group) {
    audit();
    tally = Tally.of(rig.fleet(group).prefix());
  }

  List<Round> run(End end, int count) throws InterruptedException {
    List<Round> done = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      rig.progress().step(end + " of the leader", () -> number + "/" + count);
      done.add(round(end));
    }
    return done;
  }

  List<Disturbance> disturb(String what, int count, Fault fault) throws InterruptedException {
    List<Disturbance> done = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      rig.progress().step(what, () -> number + "/" + count);
      done.add(disturbance(fault));
    }
    return done;
  }

  private Round round(End end) throws InterruptedException {
    Term from = begin();
    Controller leader =
        replicas.stream()
            .filter(replica -> replica.replica().name().equals(from.pod()))
            .findFirst()
            .orElseThrow();
    Handover handover =
        end == End.SIGSTOP ? stop(leader, from) : replace(leader, from, end == End.SIGKILL);
    LeaderTermsAudit all = audit();
    return new Round(
        handover.gap(),
        handover.firstWrite(),
        Duration.between(
            lastRenewal(from, handover.to()), handover.to().taken().plus(handover.firstWrite())),
        all.overlapping().size(),
        all.late().size());
  }

  private Handover replace(Controller leader, Term from, boolean kill) throws InterruptedException {
    if (kill) {
      leader.run().kill();
    } else {
      leader.run().terminate();
    }
    Handover handover = awaitHandover(from);
    startAgain(leader);
    return handover;
  }

  private Handover stop(Controller leader, Term from) throws InterruptedException {
    Instant begin = clock.instant();
    leader.run().suspend();
    Handover handover;
    try {
      handover = awaitHandover(from);
    } finally {
      pauses.add(new Pause(leader.replica().name(), begin, clock.instant()));
      leader.run().resume();
    }
    Thread.sleep(RESUMED_SECONDS * 1_000L);
    if (leader.run().isAlive()) {
      rig.await("replica that is ready", () -> leader.run().isReady());
    } else {
      startAgain(leader);
    }
    return handover;
  }

  private Handover awaitHandover(Term from) throws InterruptedException {
    return await("write of the next leader", () -> audit().handoverFrom(from));
  }

  private void startAgain(Controller ended) throws InterruptedException {
    replicas.remove(ended);
    Controller next = rig.startAgain(ended.replica(), jvm, settings, server);
    replicas.add(next);
    rig.await("replica that is ready", () -> next.run().isReady());
  }

  private Disturbance disturbance(Fault fault) throws InterruptedException {
    Term from = begin();
    Instant start = clock.instant();
    fault.happens();
    Instant end = clock.instant();
    Instant next = await("write after it", () -> firstWrite(end));
    Instant last =
        writes.stream()
            .filter(write -> write.accepted() && write.received().isBefore(start))
            .map(Entry::completed)
            .max(Instant::compareTo)
            .orElseThrow();
    rig.await(
        "replicas that are ready", () -> replicas.stream().allMatch(one -> one.run().isReady()));
    LeaderTermsAudit all = audit();
    return new Disturbance(
        Duration.between(last, next),
        Duration.between(end, next),
        !all.last().orElseThrow().equals(from),
        all.overlapping().size());
  }

  private Optional<Instant> firstWrite(Instant after) {
    audit();
    return writes.stream()
        .filter(write -> write.accepted() && write.received().isAfter(after))
        .map(Entry::completed)
        .min(Instant::compareTo);
  }

  /** The work of the round before is over, and a leader writes. */
  private Term begin() throws InterruptedException {
    await("write of the leader", this::writingLeader);
    writes.clear();
    return await("write of the leader", this::writingLeader);
  }

  /** The present term, once its holder has written to a node. */
  private Optional<Term> writingLeader() {
    return audit()
        .last()
        .filter(
            term ->
                writes.stream()
                    .anyMatch(write -> write.accepted() && write.pod().equals(term.pod())));
  }

  private Instant lastRenewal(Term from, Term to) {
    return leases.stream()
        .filter(lease -> lease.accepted() && lease.pod().equals(from.pod()))
        .map(Entry::completed)
        .filter(at -> at.isBefore(to.taken()))
        .max(Instant::compareTo)
        .orElseThrow();
  }

  private LeaderTermsAudit audit() {
    rig.audit()
        .drain(
            entry -> {
              tally.accept(entry);
              if (entry.writesLease()) {
                leases.add(entry);
              } else if (entry.writesNode()) {
                writes.add(entry);
              }
            });
    List<Entry> all = new ArrayList<>(leases);
    all.addAll(writes);
    return LeaderTermsAudit.of(all, pauses);
  }

  private interface Look<T> {
    Optional<T> now();
  }

  private <T> T await(String description, Look<T> look) throws InterruptedException {
    List<T> found = new ArrayList<>();
    rig.await(
        description,
        () -> {
          look.now().ifPresent(found::add);
          return !found.isEmpty();
        });
    return found.get(0);
  }

  /** What the audit log says of the group of nodes that counts. */
  Tally tally() {
    audit();
    return tally;
  }

  /** Ends the replicas. */
  void end() {
    replicas.forEach(rig::end);
    replicas.clear();
  }
}
