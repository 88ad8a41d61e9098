// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.FencedException;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The term of a leader, with clocks, replies and events moved by hand. */
class WatchedLockRenewalTest {

  private static final ElectionSettings SETTINGS = Replica.SETTINGS;
  private static final Duration LEASE = SETTINGS.leaseDuration();
  private static final Duration VALIDITY = LEASE.minus(SETTINGS.margin());
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final LeaseServer server = new LeaseServer();
  private final Replica a = new Replica("pod-a_1", server);

  @BeforeEach
  void lead() {
    assertTrue(a.tickAndStart(), "a leads");
  }

  private static LeaseState.Spec heldBy(String holder, long transitions) {
    Instant then = Instant.parse("2026-03-01T11:00:00Z");
    return new LeaseState.Spec(holder, LEASE, then, then, transitions);
  }

  @Test
  void leaseIsRenewedOncePerRetryPeriodDespiteFrequentTicks() {
    int before = server.writes();
    assertTrue(a.run(Duration.ofSeconds(60)), "leads throughout");
    assertEquals(30, server.writes() - before, "one PUT every 2 s in 1,200 ticks");
    assertEquals(1, server.reads(), "and no read but the very first");
  }

  @Test
  void skippedRenewalDoesNotExtendTheFence() {
    a.requests.hold();
    a.time.advance(Duration.ofMillis(1900));
    assertTrue(a.tick(), "reported as done: the last PUT is young enough");
    a.time.advance(VALIDITY.minusMillis(1900));
    assertFalse(a.fence.isOpen(), "counted from the PUT, not from the report");
  }

  @Test
  void renewalCountsFromBeforeItWasSent() {
    a.time.advance(Duration.ofSeconds(2));
    a.requests.hold();
    a.tick();
    a.time.advance(SECOND);
    a.requests.commit().run();
    a.time.advance(VALIDITY.minus(SECOND).minusMillis(1));
    assertTrue(a.fence.isOpen(), "still within the validity");
    a.time.advance(Duration.ofMillis(1));
    assertFalse(a.fence.isOpen(), "the second that the PUT took is not on top");
  }

  @Test
  void fenceClosesBeforeOtherCandidatesMayTakeTheLease() {
    a.requests.fail(new LeaseResult.Failed("connection refused"));
    a.run(VALIDITY.minusMillis(50));
    assertTrue(a.fence.isOpen(), "work goes on through a short outage");
    assertFalse(a.run(Duration.ofMillis(100)), "failed renewals are reported to the elector");
    FencedException refused = assertThrows(FencedException.class, a.fence::check);
    assertTrue(refused.getMessage().contains("not renewed in time"), refused.getMessage());
  }

  @Test
  void outageShorterThanTheValidityKeepsTheTerm() {
    a.requests.fail(new LeaseResult.Failed("503"));
    a.run(Duration.ofSeconds(8));
    a.requests.flow();
    assertTrue(a.run(Duration.ofSeconds(3)), "renews as soon as the server is back");
    assertEquals(1, a.fence.epoch(), "within the same term");
  }

  @Test
  void renewalWithALostReplyIsRepeated() {
    a.time.advance(Duration.ofSeconds(2));
    a.requests.hold();
    a.tick();
    a.requests.commitAndLoseReply();
    a.requests.flow();
    assertTrue(a.run(SECOND), "reads its own newer version and renews on top of it");
    assertEquals(1, a.fence.epoch(), "the term goes on");
    a.time.advance(VALIDITY.minus(SECOND));
    assertTrue(a.fence.isOpen(), "by the PUT whose reply has come");
  }

  @Test
  void anotherHolderSeenByTheWatchClosesTheFenceAtOnce() {
    server.store(heldBy("pod-b_1", 2));
    FencedException refused = assertThrows(FencedException.class, a.fence::check);
    assertTrue(refused.getMessage().contains("pod-b_1 holds the Lease"), refused.getMessage());
    assertEquals(
        List.of("pod-b_1 holds the Lease"), a.losses, "reported once, for the round to end");
  }

  @Test
  void anotherHolderFoundThroughAConflictClosesTheFence() {
    a.cutWatch();
    server.store(heldBy("pod-b_1", 2));
    assertTrue(a.fence.isOpen(), "the cut watch has reported nothing");
    a.run(Duration.ofMillis(2200));
    assertFalse(a.fence.isOpen(), "the next renewal met a conflict, the read showed the holder");
  }

  @Test
  void deletedLeaseClosesTheFence() {
    server.delete();
    assertFalse(a.fence.isOpen(), "any candidate may create the Lease now");
    assertTrue(a.leadAgain(), "in the next round this process may as well");
    assertEquals(2, a.fence.epoch(), "as a new term");
  }

  @Test
  void staleWatchEventsAreDropped() {
    LeaseState old = new LeaseState("7", heldBy("pod-b_1", 0), null);
    a.hold.changed(old);
    a.hold.deleted("8");
    assertTrue(a.fence.isOpen(), "older than the reply to our own PUT");
    assertTrue(a.losses.isEmpty(), "nothing was lost");
  }

  @Test
  void versionsAreComparedAsNumbersNotAsText() {
    LeaseState old = new LeaseState("99", heldBy("pod-b_1", 0), null);
    a.hold.changed(old);
    assertTrue(a.fence.isOpen(), "99 is older than " + server.present().resourceVersion());
    a.hold.changed(new LeaseState("1000", heldBy("pod-b_1", 2), null));
    assertFalse(a.fence.isOpen(), "1000 is newer, though it sorts before 102 as text");
  }

  @Test
  void replyOlderThanASeenEventDoesNotRestoreTheTerm() {
    a.time.advance(Duration.ofSeconds(2));
    a.requests.hold();
    a.tick();
    Runnable reply = a.requests.commit();
    server.store(heldBy("pod-b_1", 2));
    reply.run();
    assertFalse(a.fence.isOpen(), "the event of the other holder came after our PUT");
    assertFalse(a.tick(), "and the elector gets the failure");
    assertEquals(Optional.of("pod-b_1"), a.hold.status().holder(), "the newer version counts");
  }

  @Test
  void lostLeaseIsNotTakenAgainInTheSameRound() {
    server.store(heldBy("pod-b_1", 2));
    server.edit(s -> heldBy(null, 2));
    assertFalse(a.run(SECOND), "its elector would never call the stop hook");
    assertTrue(a.leadAgain(), "the next round may take it");
    assertEquals(3, a.fence.epoch(), "as another term");
  }

  @Test
  void foreignEditThatKeepsTheHolderKeepsTheTerm() {
    server.edit(s -> s);
    assertTrue(a.fence.isOpen(), "another writer put a label on the Lease");
    assertTrue(a.run(Duration.ofSeconds(5)), "renewals go on with the new version");
  }

  @Test
  void anotherProcessWithTheSameIdentityEndsTheTerm() {
    server.store(heldBy("pod-a_1", 2));
    assertFalse(a.fence.isOpen(), "a second container of this pod has taken the Lease");
  }

  @Test
  void leaseIsTakenAsANewTermAfterTheElectorGaveUp() {
    a.hold.endTerm("the Lease was not renewed in time");
    assertFalse(a.fence.isOpen(), "given up");
    assertTrue(a.leadAgain(), "the Lease still has our name");
    assertEquals(2, a.fence.epoch(), "but it is taken anew");
  }

  @Test
  void renewalAnsweredAfterTheTermOpensNoFence() {
    a.time.advance(Duration.ofSeconds(2));
    a.requests.hold();
    a.tick();
    Runnable reply = a.requests.commit();
    a.hold.standBack("its workers are stuck", LEASE);
    reply.run();
    assertFalse(a.fence.isOpen(), "the term has ended for good");
    a.hold.newRound();
    a.requests.flow();
    assertFalse(a.run(LEASE.minusMillis(100)), "it stands back for one lease duration");
    assertTrue(a.run(SECOND), "then it is a candidate again, as there is no other");
  }
}
