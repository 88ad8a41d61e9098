// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Handover;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Pause;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Term;
import io.nodeqos.realapi.ControlPlane;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Three replicas with the settings of the overlay fast-failover, on a control plane of its own. */
public final class FaultRig implements AutoCloseable {
  private static final int REPLICAS = 3;
  private static final int FIRST_NODES = 100;
  private static final Duration QUIET = Duration.ofSeconds(3);

  private final Clock clock = Clock.systemUTC();
  private final List<Pause> pauses = new ArrayList<>();
  private final ControlPlane plane;
  private final Installation installation;
  private final AuditLog audit;
  private final NodePool block;
  private final NodeFeed feed;
  private final List<Member> members;

  private FaultRig(
      ControlPlane plane,
      Installation installation,
      AuditLog audit,
      NodePool block,
      NodeFeed feed,
      List<Member> members) {
    this.plane = plane;
    this.installation = installation;
    this.audit = audit;
    this.block = block;
    this.feed = feed;
    this.members = members;
  }

  public static FaultRig start(ControlPlane plane) {
    Installation installation = Installation.apply(plane).overlay("fast-failover");
    Map<String, String> election = installation.election();
    AuditLog audit = AuditLog.from(plane);
    String suffix = UUID.randomUUID().toString().substring(0, 4);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < REPLICAS; i++) {
      Replica replica = installation.replica("replica-" + i + "-" + suffix);
      members.add(Member.start(plane, replica, election));
    }
    NodePool block = NodePool.create(plane, "block");
    NodePool stream = NodePool.create(plane, "stream");
    for (int i = 0; i < FIRST_NODES; i++) {
      block.join();
    }
    return new FaultRig(
        plane, installation, audit, block, NodeFeed.start(stream), List.copyOf(members));
  }

  public ControlPlane plane() {
    return plane;
  }

  public Installation installation() {
    return installation;
  }

  /** A hundred nodes that no other writer changes. */
  public NodePool block() {
    return block;
  }

  /** The nodes that join all the time. */
  public NodePool stream() {
    return feed.pool();
  }

  public List<Member> members() {
    return members;
  }

  public Instant now() {
    return clock.instant();
  }

  /** The requests of the replicas since then. */
  public List<Entry> requestsSince(Instant start) {
    return audit.entries().stream().filter(entry -> entry.received().isAfter(start)).toList();
  }

  /** All terms, and the writes that the server received since then. */
  public LeaderTermsAudit since(Instant start) {
    return LeaderTermsAudit.of(audit.entries(), pauses).writesSince(start);
  }

  private LeaderTermsAudit terms() {
    return since(Instant.EPOCH);
  }

  public Term term() {
    return terms().last().orElseThrow();
  }

  /** The one leader, by its own word and by the log, once all the others stand by. */
  public Member awaitLeader() {
    Poll.until(
        "three replicas that are ready",
        () -> members.stream().filter(member -> member.run().isReady()).count(),
        ready -> ready == REPLICAS);
    return Poll.until("leader", this::leaders, leaders -> leaders.size() == 1).get(0);
  }

  private List<Member> leaders() {
    String holder = terms().last().map(Term::pod).orElse("");
    return members.stream()
        .filter(member -> member.run().leads() && member.replica().name().equals(holder))
        .toList();
  }

  /** Waits until another than that leader has written to a Node. */
  public Handover awaitHandover(Term from) {
    return Poll.until(
            "write of the next leader after " + from,
            () -> terms().handoverFrom(from),
            handover -> handover.isPresent())
        .orElseThrow();
  }

  /** Waits until a write to a Node is accepted that comes after that moment. */
  public Entry awaitWrite(Instant after) {
    return Poll.until(
            "write to a node",
            () -> since(after).writes().stream().filter(Entry::accepted).findFirst(),
            write -> write.isPresent())
        .orElseThrow();
  }

  /** Suspends a replica for as long as an action takes. */
  public void whileSuspended(Member member, Runnable action) {
    Instant from = now();
    member.run().suspend();
    try {
      action.run();
    } finally {
      pauses.add(new Pause(member.replica().name(), from, now()));
      member.run().resume();
    }
  }

  /**
   * All nodes get what they should carry, and then nothing is written any more, nor was anything
   * ever written twice or without a resourceVersion.
   */
  public void assertConverges() {
    feed.pause();
    try {
      Poll.until("converged nodes", block::unfinished, unfinished -> unfinished.isEmpty());
      Poll.until("converged nodes", stream()::unfinished, unfinished -> unfinished.isEmpty());
      // Requests that were started before.
      sleep(Duration.ofSeconds(1));
      Instant quiet = now();
      sleep(QUIET);
      assertEquals(List.of(), since(quiet).writes(), "writes to nodes where nothing happens");
    } finally {
      feed.resume();
    }
    List<Entry> all = terms().writes();
    assertEquals(List.of(), RepeatedWrites.of(all), "writes that say nothing new");
    assertEquals(
        List.of(),
        all.stream().filter(write -> write.accepted() && write.version().isEmpty()).toList(),
        "writes that carry no resourceVersion");
  }

  public static void sleep(Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    feed.close();
    members.forEach(Member::close);
    plane.close();
  }
}
