// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader whose fence closes by time: after a pause, or as a clock was set. */
class WatchedLockPauseTest {

  private static final ElectionSettings SETTINGS = Replica.SETTINGS;
  private static final Duration LEASE = SETTINGS.leaseDuration();
  private static final Duration VALIDITY = LEASE.minus(SETTINGS.margin());
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String NOT_RENEWED = LeaseFence.NOT_RENEWED;

  private final LeaseServer server = new LeaseServer();
  private final Replica a = new Replica("pod-a_1", server);

  @BeforeEach
  void lead() {
    assertTrue(a.tickAndStart(), "a leads");
  }

  @Test
  void fenceIsClosedBeforeTheFirstTickAfterALongFreeze() {
    a.cutWatch();
    a.freeze(LEASE.plusSeconds(5));
    assertFalse(a.fence.isOpen(), "SIGSTOP: the first write after SIGCONT is refused");
    Instant then = Instant.parse("2026-03-01T11:00:00Z");
    server.store(new LeaseState.Spec("pod-b_1", LEASE, then, then, 2));
    assertFalse(a.run(SECOND), "and the Lease is another's");
    assertEquals("pod-b_1", server.present().holder(), "which is left alone");
  }

  @Test
  void freezeEndsTheTermWithoutASuccessor() {
    a.freeze(VALIDITY);
    int before = server.writes();
    assertFalse(a.tick(), "the elector gets the failure");
    assertFalse(a.run(SECOND), "and in this round nothing changes that");
    assertEquals(List.of(NOT_RENEWED), a.losses, "reported once, though the fence was not checked");
    assertEquals(before, server.writes(), "no renewal of a lost term");
    assertFalse(a.fence.isOpen());

    a.hold.newRound();
    assertTrue(a.tick(), "the Lease still has our name");
    assertFalse(a.fence.isOpen(), "as on every take-over, until all is prepared");
    assertEquals(Optional.of(2L), a.startTerm().map(LeaderTerm::epoch));
    assertTrue(a.fence.isOpen());
  }

  @Test
  void waitOfATermCountsFromTheEndOfThePause() {
    a.freeze(HOUR);
    a.tick();
    assertEquals(Duration.ZERO, a.hold.waitingToStart(), "there is no term");
    a.hold.newRound();
    a.tick();
    a.hold.reportTerm();
    assertEquals(Duration.ZERO, a.hold.waitingToStart());
    a.run(SECOND);
    assertEquals(SECOND, a.hold.waitingToStart());
  }

  @Test
  void preparationFromBeforeAPauseStartsNoTerm() {
    a.freeze(VALIDITY);
    a.tick();
    a.hold.newRound();
    a.tick();
    a.hold.reportTerm();
    a.freeze(VALIDITY);
    assertEquals(Optional.empty(), a.startTerm(), "prepared before the pause");
    assertFalse(a.fence.isOpen());
    assertFalse(a.tick(), "this term is over, too");
    assertTrue(a.leadAgain());
    assertEquals(3, a.fence.epoch());
  }

  @Test
  void leaseReleasedWhileATermWaitsIsNotTakenAgain() {
    a.freeze(VALIDITY);
    a.tick();
    a.hold.newRound();
    a.tick();
    a.hold.reportTerm();
    a.hold.close();
    assertEquals(Optional.empty(), a.startTerm());
    a.hold.newRound();
    assertFalse(a.run(SECOND));
    assertFalse(a.fence.isOpen());
  }

  @Test
  void suspensionClosesTheFenceThoughNanoTimeStoodStill() {
    a.time.suspend(LEASE);
    assertFalse(a.fence.isOpen(), "the wall clock knows of the suspension");
  }

  @Test
  void nanoTimeAloneClosesTheFence() {
    a.time.stepWall(Duration.ofMillis(-200));
    a.time.advance(VALIDITY);
    assertFalse(a.fence.isOpen(), "a wall clock that lags a little must not keep it open");
  }

  @Test
  void suspensionHiddenByAClockSetBackClosesTheFence() {
    a.time.stepWall(HOUR.negated());
    a.time.suspend(LEASE.plusSeconds(5));
    assertFalse(a.fence.isOpen(), "the clocks disagree: nothing is known but that");
  }

  @Test
  void stepOfTheWallClockEndsTheTermAndKeepsTheLease() {
    for (Duration step : List.of(HOUR, HOUR.negated())) {
      a.time.stepWall(step);
      assertFalse(a.fence.isOpen(), "stepped by " + step + ": could as well be a suspension");
      assertFalse(a.tick());
      assertTrue(a.leadAgain(), "at once");
      assertTrue(a.fence.isOpen());
      assertTrue(a.run(Duration.ofSeconds(30)), "without losing the Lease");
    }
    assertEquals(3, a.fence.epoch(), "one term for each step");
  }

  @Test
  void renewalAnsweredAfterAPauseOpensNoFence() {
    a.time.advance(Duration.ofSeconds(2));
    a.requests.hold();
    a.tick();
    Runnable reply = a.requests.commit();
    a.freeze(VALIDITY.minusSeconds(1));
    reply.run();
    assertFalse(a.fence.isOpen(), "its second would be left, but the fence was closed before");
    assertEquals(List.of(NOT_RENEWED), a.losses);
    a.requests.flow();
    assertFalse(a.tick());
    assertTrue(a.leadAgain());
    assertEquals(2, a.fence.epoch());
  }

  @Test
  void closedFenceStaysClosedAfterTheClockIsSetBack() {
    a.time.stepWall(HOUR);
    assertFalse(a.fence.isOpen(), "work is turned away");
    a.time.stepWall(HOUR.negated());
    assertFalse(a.fence.isOpen(), "and no later event would bring it back");
    assertFalse(a.tick());
    assertEquals(List.of(NOT_RENEWED), a.losses);
  }
}
