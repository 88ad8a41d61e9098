// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.FaultRig;
import io.nodeqos.e2e.rig.LeaderTermsAudit;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Handover;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Term;
import io.nodeqos.e2e.rig.Member;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Leaders and servers that fail in every way, under steady work. The system property {@code
 * faults.rounds} says how often each fault of a leader is repeated. The order is that of the table;
 * each test leaves a leader, two standbys and converged nodes behind.
 */
@RealApi
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {
  private static final int ROUNDS = Integer.getInteger("faults.rounds", 3);
  private static final Duration LONGER_THAN_A_LEASE = Duration.ofSeconds(8);

  /**
   * The lists that a server with an empty window of events costs, and once more; and those by which
   * a new leader learns the state of its caches.
   */
  private static final int LISTS = 3;

  /** About fifteen patches: more than anything else that a replica sends within a second. */
  private static final long MANY_BYTES = 16 * 1024;

  private final FaultTable table = new FaultTable();
  private final ControlPlane shared;
  private FaultRig rig;

  FaultsIT(ControlPlane shared) {
    this.shared = shared;
  }

  @BeforeAll
  void start() {
    rig = FaultRig.start(shared.another());
  }

  @AfterAll
  void stop() {
    table.publish("faults.txt");
    if (rig != null) {
      rig.close();
    }
  }

  @Test
  @Order(1)
  void killedLeaderIsReplacedWhenItsLeaseHasRunOut() {
    LeaderTermsAudit audit = repeat("SIGKILL", (leader, term) -> leader.run().kill());

    assertEquals(List.of(), audit.overlapping());
  }

  @Test
  @Order(2)
  void leaderReleasesTheLeaseOnSigterm() {
    Instant start = rig.now();

    LeaderTermsAudit audit =
        repeat(
            "SIGTERM",
            (leader, term) -> assertEquals(0, leader.run().terminate(), leader.run()::log));

    assertEquals(List.of(), audit.overlapping());
    assertEquals(
        ROUNDS,
        rig.requestsSince(start).stream()
            .filter(request -> request.writesLease() && request.accepted())
            .filter(request -> request.text("spec", "holderIdentity").isEmpty())
            .count(),
        "the Lease was given back");
  }

  @Test
  @Order(3)
  void leaderSuspendedLongerThanItsLeaseBecomesAStandby() {
    LeaderTermsAudit audit =
        repeat(
            "SIGSTOP",
            (leader, term) -> {
              Instant start = rig.now();
              rig.stream().changePolicy();
              rig.awaitWrite(start);
              rig.whileSuspended(leader, () -> rig.awaitHandover(term));
              awaitStandby(leader);
            });

    assertAtMostOneWriteOverlapsInEachRound(audit);
  }

  @Test
  @Order(4)
  void admissionFenceRefusesLateWritesOfAFormerLeader() {
    rig.installation().admission("fence");

    LeaderTermsAudit audit;
    try {
      audit = repeat("SIGSTOP, patches held up, fence.yaml", this::holdUp);
    } finally {
      rig.installation().removeAdmission("fence");
    }

    assertEquals(List.of(), audit.overlapping());
    assertEquals(List.of(), audit.late(), "the fence lets none of them pass");
    assertTrue(audit.refused().stream().anyMatch(write -> write.code() == 403), audit::toString);
  }

  @Test
  @Order(5)
  void withoutTheAdmissionFenceResourceVersionsRefuseStaleWrites() {
    LeaderTermsAudit audit = repeat("SIGSTOP, patches held up, no fence.yaml", this::holdUp);

    assertAtMostOneWriteOverlapsInEachRound(audit);
    assertFalse(audit.late().isEmpty(), "the test holds something up");
    for (Entry write : audit.late()) {
      assertFalse(isTouched(write.name()), "it was decided on an older version: " + write);
    }
    assertTrue(
        audit.refused().stream().anyMatch(write -> isTouched(write.name()) && write.code() == 409),
        audit::toString);
  }

  /**
   * Patches of the leader are held up on the network until it was replaced. Meanwhile every other
   * node is changed by another writer, and the new leader has no reason to change any.
   */
  private void holdUp(Member leader, Term term) {
    leader.link().hold();
    rig.block().changePolicy();
    Poll.until("patches", leader.link()::heldBytes, bytes -> bytes > MANY_BYTES);
    rig.whileSuspended(
        leader,
        () -> {
          rig.block().suspend(true);
          for (int i = 0; i < rig.block().joined(); i++) {
            if (isTouched(rig.block().node(i))) {
              rig.block().touch(i).succeeded();
            }
          }
          rig.awaitHandover(term);
          leader.link().release();
          FaultRig.sleep(Duration.ofSeconds(1));
        });
    awaitStandby(leader);
    rig.block().suspend(false);
  }

  /**
   * A process can be suspended between the last look at its fence and the next instruction. No more
   * than one thread is, even amid a burst; and only the server's fence can keep that one out.
   */
  private static void assertAtMostOneWriteOverlapsInEachRound(LeaderTermsAudit audit) {
    assertTrue(audit.overlapping().size() <= ROUNDS, () -> audit.overlapping().toString());
  }

  private static boolean isTouched(String node) {
    return node.startsWith("block") && (node.charAt(node.length() - 1) - '0') % 2 == 0;
  }

  private static void awaitStandby(Member leader) {
    Poll.until("former leader that knows", () -> leader.run().leads(), leads -> !leads);
    assertTrue(leader.run().isAlive(), () -> "it goes on: " + leader.run().log());
  }

  @Test
  @Order(6)
  void replicasSurviveARestartOfTheApiServer() {
    fail(
        "kube-apiserver killed and started again",
        () -> {
          rig.plane().kill("kube-apiserver");
          rig.plane().startAgain();
        });
  }

  @Test
  @Order(7)
  void replicasSurviveAHangingEtcd() {
    fail(
        "etcd suspended for 8 s",
        () -> {
          rig.plane().suspend("etcd");
          FaultRig.sleep(LONGER_THAN_A_LEASE);
          rig.plane().resume("etcd");
        });
  }

  @Test
  @Order(8)
  void replicasSurviveARestartOfEtcd() {
    fail(
        "etcd killed and started again",
        () -> {
          rig.plane().kill("etcd");
          rig.plane().startAgain();
        });
  }

  /** Ends one leader after the other, and a container that has ended begins anew. */
  private LeaderTermsAudit repeat(String fault, BiConsumer<Member, Term> act) {
    Instant start = rig.now();
    List<Handover> handovers = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      Member leader = rig.awaitLeader();
      rig.awaitWrite(rig.now());
      Term term = rig.term();
      act.accept(leader, term);
      Handover handover = rig.awaitHandover(term);
      handovers.add(handover);
      System.out.println(fault + ": " + handover);
      assertTrue(handover.to().epoch() > term.epoch(), "the epoch rises: " + handover);
      if (!leader.run().isAlive()) {
        leader.startAgain();
      }
      lists(handover.to().asked(), handover.to().pod())
          .forEach(
              (resource, count) ->
                  assertEquals(1, count, "reads of " + resource + ": that of the term, no list"));
    }
    rig.assertConverges();
    LeaderTermsAudit audit = rig.since(start);
    print(fault, audit);
    table.add(
        new FaultTable.Row(
            fault,
            handovers.stream().map(Handover::gap).toList(),
            handovers.stream().map(Handover::firstWrite).toList(),
            audit.overlapping().size(),
            audit.late().size(),
            audit.refused().size()));
    return audit;
  }

  /** Does something to the server, after which all goes on as before. */
  private void fail(String fault, Runnable act) {
    rig.awaitLeader();
    rig.awaitWrite(rig.now());
    Term term = rig.term();
    List<ControllerRun> runs = rig.members().stream().map(Member::run).toList();
    Instant start = rig.now();
    try (LivezWatch livez = LivezWatch.start(rig.members())) {
      act.run();
      rig.awaitWrite(rig.now());
      rig.awaitLeader();
      rig.assertConverges();
      assertEquals(List.of(), livez.failures());
    }
    for (ControllerRun run : runs) {
      assertTrue(run.isAlive(), run::log);
    }
    for (Member member : rig.members()) {
      lists(start, member.replica().name())
          .forEach(
              (resource, count) ->
                  assertTrue(count <= LISTS, () -> member + " listed " + resource + " x " + count));
    }
    LeaderTermsAudit audit = rig.since(start.minusSeconds(5));
    print(fault, audit);
    assertEquals(List.of(), audit.overlapping());
    table.add(
        new FaultTable.Row(
            fault,
            List.of(audit.longestLull(start)),
            audit.handoverFrom(term).map(Handover::firstWrite).stream().toList(),
            audit.overlapping().size(),
            audit.late().size(),
            audit.refused().size()));
  }

  private static void print(String fault, LeaderTermsAudit audit) {
    audit.late().forEach(write -> System.out.println(fault + ", late: " + write));
    audit.attempts().forEach(write -> System.out.println(fault + ", out of turn: " + write));
    System.out.println(
        fault
            + ", refused: "
            + audit.refused().stream()
                .collect(Collectors.groupingBy(Entry::code, Collectors.counting())));
  }

  /** How often a replica has listed each resource since then; the pages of a list count once. */
  private Map<String, Long> lists(Instant since, String pod) {
    return rig.requestsSince(since).stream()
        .filter(request -> request.verb().equals("list") && request.pod().equals(pod))
        .filter(request -> request.accepted() && !request.uri().contains("continue="))
        .collect(
            Collectors.groupingBy(
                request -> request.resource() + " of " + request.namespace(),
                Collectors.counting()));
  }
}
