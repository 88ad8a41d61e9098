// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static io.nodeqos.election.elector.Candidate.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.FencedException;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import io.nodeqos.election.ReleaseResult;
import io.nodeqos.election.TermPreparation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real LeaderElector over the lock, in real time with the fast profile 6/3/1. */
class LeadershipTest {

  private static final Duration QUICK = Duration.ofMillis(5);
  private static final Duration SLOW = Duration.ofMillis(80);

  private final LeaseServer server = new LeaseServer();

  @ParameterizedTest
  @ValueSource(longs = {5, 80, 300})
  void candidateLeadsAfterAPutLongerThanTheTick(long latencyMillis) throws InterruptedException {
    try (Candidate a = new Candidate("pod-a_1", server, Duration.ofMillis(latencyMillis)).start()) {
      assertEquals("leading 1", a.next(), "the elector cuts its attempts at 50 ms");
      assertTrue(a.leadership.fence().isOpen(), "the fence is open when listeners are called");
      assertEquals(1, server.writes(), "the Lease was written once");
      assertFalse(a.store.wasCut(), "no interrupt of the elector reached a request");
    }
  }

  @Test
  void statusNamesHolderEpochAndTimes() throws InterruptedException {
    try (Candidate a = new Candidate("pod-a_1", server, QUICK).start()) {
      a.next();
      try (Candidate b = new Candidate("pod-b_1", server, QUICK).start()) {
        eventually("the standby learns the leader", () -> b.leadership.status().epoch() == 1);
        LeadershipStatus status = b.leadership.status();
        assertFalse(status.leading(), "a standby");
        assertEquals(Optional.of("pod-a_1"), status.holder(), "as in the Lease");
        assertEquals(
            Optional.of(server.present().spec().acquireTime()), status.since(), "as in the Lease");
        assertTrue(status.lastRenew().isPresent(), "when it renewed last");
        assertTrue(a.leadership.status().leading(), "the leader knows that it leads");
      }
    }
  }

  @Test
  void stopHandsOverAtOnceWithAtMostOneOpenFence() throws InterruptedException {
    try (Candidate a = new Candidate("pod-a_1", server, SLOW).start()) {
      a.next();
      try (Candidate b = new Candidate("pod-b_1", server, SLOW).start()) {
        eventually("b knows the leader", () -> b.leadership.status().holder().isPresent());
        a.leadership.closeToNewWork();
        assertFalse(a.leadership.fence().isOpen(), "no new work");
        assertFalse(b.leadership.fence().isOpen(), "and not yet for b");
        assertEquals(
            ReleaseResult.RELEASED, a.leadership.release(Duration.ofSeconds(5)), "given back");
        assertThrows(FencedException.class, a.leadership.fence()::check, "nothing passes any more");
        assertEquals("stopped 1: this process stops", a.next(), "its listener is called");
        assertEquals("leading 2", b.next(), "b leads without waiting for the lease to run out");
      }
    }
  }

  @Test
  void crashedLeaderIsReplacedWhenItsLeaseExpires() throws InterruptedException {
    try (Candidate a = new Candidate("pod-a_1", server, QUICK).start()) {
      a.next();
      try (Candidate b = new Candidate("pod-b_1", server, QUICK).start()) {
        eventually("b knows the leader", () -> b.leadership.status().holder().isPresent());
        a.store.down();
        assertTrue(a.next().startsWith("stopped 1: the Lease was not renewed"), "a gives up first");
        assertFalse(b.leadership.fence().isOpen(), "while b still waits");
        assertEquals("leading 2", b.next(), "then b leads");
        assertFalse(a.leadership.fence().isOpen(), "and a does not");
      }
    }
  }

  @Test
  void otherCandidateLeadsAfterTheLeaderStepsDown() throws InterruptedException {
    try (Candidate a = new Candidate("pod-a_1", server, QUICK).start()) {
      a.next();
      try (Candidate b = new Candidate("pod-b_1", server, QUICK).start()) {
        eventually("b knows the leader", () -> b.leadership.status().holder().isPresent());
        a.leadership.stepDown("no worker progress for 30s");
        assertFalse(a.leadership.fence().isOpen(), "closed at once");
        assertEquals("stopped 1: no worker progress for 30s", a.next(), "with the reason");
        assertEquals("leading 2", b.next(), "long before the lease would have run out");
        assertEquals(List.of(), a.rest(), "a stands back");
      }
    }
  }

  @Test
  void leaderThatSeesAnotherHolderStopsAtOnceAndBecomesACandidate() throws InterruptedException {
    try (Candidate a = new Candidate("pod-a_1", server, QUICK).start()) {
      a.next();
      server.edit(
          s ->
              new LeaseState.Spec("pod-x_1", s.leaseDuration(), s.acquireTime(), s.renewTime(), 2));
      assertFalse(a.leadership.fence().isOpen(), "closed by the event itself");
      assertEquals("stopped 1: pod-x_1 holds the Lease", a.next(), "the round of the elector ends");
      server.edit(
          s -> new LeaseState.Spec(null, s.leaseDuration(), s.acquireTime(), s.renewTime(), 2));
      assertEquals("leading 3", a.next(), "the next round is another term");
    }
  }

  @Test
  void failingListenerEndsTheLeadership() throws InterruptedException {
    Leadership leadership =
        ElectedLeadership.of(
            ElectionSettings.fast(),
            "pod-a_1",
            new DelayedStore(server, QUICK),
            TermPreparation.NONE);
    CountDownLatch stopped = new CountDownLatch(1);
    leadership.addListener(
        new LeadershipListener() {
          @Override
          public void leading(LeaderTerm term) {
            throw new IllegalStateException("cannot start the workers");
          }

          @Override
          public void stopped(LeaderTerm term, String reason) {
            stopped.countDown();
          }
        });
    try (leadership) {
      leadership.start();
      assertTrue(stopped.await(30, TimeUnit.SECONDS), "the stop is reported");
      eventually("the Lease is given back", () -> server.present().holder() == null);
    }
  }

  @Test
  void closeOfALeaderReleasesTheLeaseAndTheThreads() throws InterruptedException {
    Candidate a = new Candidate("pod-a_1", server, SLOW).start();
    a.next();
    a.close();
    a.close();
    assertNull(server.present().holder(), "released");
    eventually(
        "no thread of the election is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(
                    t ->
                        t.getName().startsWith("leader-elector")
                            || t.getName().equals("election")));
  }

  @Test
  void closeOfAStandbyEndsTheElector() throws InterruptedException {
    try (Candidate a = new Candidate("pod-a_1", server, QUICK).start()) {
      a.next();
      Candidate b = new Candidate("pod-b_1", server, QUICK).start();
      eventually("b knows the leader", () -> b.leadership.status().holder().isPresent());
      b.close();
      assertEquals(List.of(), b.rest(), "a stop without a start calls no listener");
      assertEquals("pod-a_1", server.present().holder(), "a still leads");
    }
  }

  @Test
  void closeReturnsWhenTheServerHangs() throws InterruptedException {
    Candidate a = new Candidate("pod-a_1", server, QUICK).start();
    a.next();
    CountDownLatch answer = a.store.hang();
    try {
      assertTimeoutPreemptively(
          Duration.ofSeconds(20), a::close, "close is bounded by its own timeouts");
      assertFalse(a.leadership.fence().isOpen(), "and the fence is shut whatever became of it");
    } finally {
      answer.countDown();
    }
  }

  @Test
  void closeBeforeTheStartDoesNothing() {
    new Candidate("pod-a_1", server, QUICK).close();
    assertEquals(0, server.reads() + server.writes(), "no request at all");
  }

  @Test
  void attemptsContinueWhileTheServerIsUnreachable() throws InterruptedException {
    try (Candidate a = new Candidate("pod-a_1", server, QUICK)) {
      a.store.down();
      a.start();
      eventually("keeps trying", () -> a.store.sent() >= 3);
      assertTrue(
          a.leadership.sinceLastAttempt().compareTo(Duration.ofSeconds(30)) < 0,
          "liveness counts attempts, not success");
    }
  }

  @Test
  void twentyHandOversCostTwoWritesEachAndNeverOverlap() throws InterruptedException {
    int handOvers = 20;
    Candidate leader = new Candidate("pod-0_1", server, QUICK).start();
    leader.next();
    int writes = server.writes();
    for (int i = 1; i <= handOvers; i++) {
      Candidate standby = new Candidate("pod-" + i + "_1", server, QUICK).start();
      eventually(
          "the standby knows the leader", () -> standby.leadership.status().holder().isPresent());
      leader.close();
      assertEquals("leading " + (i + 1), standby.next(), "the epoch rises by one each time");
      assertFalse(leader.leadership.fence().isOpen(), "only one fence is open");
      leader = standby;
    }
    leader.close();
    int spent = server.writes() - writes;
    assertTrue(
        spent <= 2 * handOvers + 1 + handOvers / 2,
        "a release and a take each, and hardly a renewal in between: " + spent);
  }

  @Test
  void withoutAnElectionTheProcessLeadsUntilItIsClosed() throws FencedException {
    Leadership alone = PermanentLeadership.of("pod-a_1", TermPreparation.NONE);
    assertFalse(alone.fence().isOpen(), "not before the start");
    alone.start();
    assertTrue(alone.fence().isOpen(), "no request is sent");
    assertEquals(0, alone.fence().epoch(), "there are no terms");
    alone.closeToNewWork();
    assertFalse(alone.fence().isOpen(), "a stop begins");
    alone.fence().check();
    alone.close();
    assertThrows(FencedException.class, alone.fence()::check, "and is over");
  }

  @Test
  void leadershipRefusesUnsafeSettings() {
    ElectionSettings unsafe =
        new ElectionSettings(
            true,
            "node-qos-controller",
            Duration.ofSeconds(15),
            Duration.ofSeconds(14),
            Duration.ofSeconds(5));
    LeaseStore store = Replica.store(server);
    assertThrows(
        IllegalArgumentException.class,
        () -> ElectedLeadership.of(unsafe, "pod-a_1", store, TermPreparation.NONE),
        "a second line behind the configuration");
  }
}
