// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import io.nodeqos.e2e.AuditLog.Entry;
import io.nodeqos.e2e.LeaderTermsAudit;
import io.nodeqos.e2e.LeaderTermsAudit.Handover;
import io.nodeqos.e2e.LeaderTermsAudit.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ends the leader, waits for the next one, starts the old one again. Used by one thread. */
final class FailoverRounds {
  private final Rig rig;
  private final Map<String, String> settings;
  private final ControllerJvm jvm;
  private final List<Controller> replicas = new ArrayList<>();

  /** All writes to the Lease. */
  private final List<Entry> leases = new ArrayList<>();

  /** Writes to nodes of the round. */
  private final List<Entry> writes = new ArrayList<>();

  private final Tally tally;

  private FailoverRounds(Rig rig, Map<String, String> settings, ControllerJvm jvm, Tally tally) {
    this.rig = rig;
    this.settings = settings;
    this.jvm = jvm;
    this.tally = tally;
  }

  /** How a replica ends. */
  enum End {
    SIGTERM,
    SIGKILL
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
  record Round(
      Duration gap, Duration firstWrite, Duration sinceRenewal, int overlapping, int late) {}

  /**
   * Starts replicas and waits until one leads.
   *
   * @param prefix of the names of the nodes that are written to
   */
  static FailoverRounds start(Rig rig, int replicas, Map<String, String> settings, String prefix)
      throws InterruptedException {
    FailoverRounds rounds =
        new FailoverRounds(rig, settings, ControllerJvm.ofDeployment(), Tally.of(prefix));
    for (int i = 0; i < replicas; i++) {
      rounds.replicas.add(rig.start(rounds.jvm, settings));
    }
    rig.awaitLeader(rounds.replicas);
    return rounds;
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

  private Round round(End end) throws InterruptedException {
    Term from = await("write of the leader", this::writingLeader);
    Controller leader =
        replicas.stream()
            .filter(replica -> replica.replica().name().equals(from.pod()))
            .findFirst()
            .orElseThrow();
    // The work of the round before is over.
    writes.clear();
    await("write of the leader", this::writingLeader);
    if (end == End.SIGTERM) {
      leader.run().terminate();
    } else {
      leader.run().kill();
    }
    Handover handover = await("write of the next leader", () -> audit().handoverFrom(from));
    replicas.remove(leader);
    Controller next = rig.startAgain(leader.replica(), jvm, settings, rig.plane().server());
    replicas.add(next);
    rig.await("replica that is ready", () -> next.run().isReady());
    LeaderTermsAudit all = audit();
    return new Round(
        handover.gap(),
        handover.firstWrite(),
        Duration.between(
            lastRenewal(from, handover.to()), handover.to().taken().plus(handover.firstWrite())),
        all.overlapping().size(),
        all.late().size());
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
    return LeaderTermsAudit.of(all, List.of());
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

  /** What the audit log says of all rounds together. */
  Tally tally() {
    audit();
    return tally;
  }
}
