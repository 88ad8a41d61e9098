// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kubernetes.client.openapi.ApiException;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Every rule of the lock, with clocks, replies and events moved by hand. */
class WatchedLockTest {

  private static final Duration LEASE = Replica.SETTINGS.leaseDuration();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final LeaseServer server = new LeaseServer();
  private final Replica a = new Replica("pod-a_1", server);

  private static LeaseState.Spec heldBy(String holder, long transitions) {
    Instant then = Instant.parse("2026-03-01T11:00:00Z");
    return new LeaseState.Spec(holder, LEASE, then, then, transitions);
  }

  @Nested
  class Taking {

    @Test
    void firstCandidateCreatesAMissingLeaseAndLeadsWithEpochOne() {
      assertTrue(a.tickAndStart(), "nothing keeps it from leading");
      assertTrue(a.fence.isOpen(), "the fence is open once the elector has reported the term");
      assertEquals(1, a.fence.epoch(), "epoch 0 means that there is no election");
      assertEquals("pod-a_1", server.present().holder(), "the Lease names the holder");
    }

    @Test
    void preCreatedEmptyLeaseIsTaken() {
      server.store(LeaseState.Spec.empty());
      assertTrue(a.tickAndStart(), "an empty Lease has no holder");
      assertEquals(1, server.present().spec().transitions(), "unset transitions count as zero");
    }

    @Test
    void candidateWaitsForALeaseWithAHolderButNoTimes() {
      server.store(new LeaseState.Spec("pod-b_1", null, null, null, 4));
      assertFalse(
          a.run(LEASE.minusMillis(100)), "its holder may live: the time of its renewal is unknown");
      assertTrue(a.run(SECOND), "a holder that says nothing for a whole lease is gone");
      assertEquals(5, server.present().spec().transitions(), "a take goes one beyond");
    }

    @Test
    void fenceStaysClosedUntilTheElectorReportsTheTerm() {
      assertTrue(a.tick(), "the Lease was taken");
      assertFalse(a.fence.isOpen(), "the workers have not been started yet");
      a.startTerm();
      assertTrue(a.fence.isOpen(), "now they have");
    }

    @Test
    void nextTickTakesTheResultOfAnInterruptedPut() {
      server.store(LeaseState.Spec.empty());
      a.requests.hold();
      assertFalse(a.tick(), "the read is on its way");
      a.requests.commit().run();
      assertFalse(a.tick(), "the PUT is on its way, and the elector cuts its attempt off");
      Runnable reply = a.requests.commit();
      assertFalse(a.tick(), "committed, but not known yet");
      assertEquals(0, a.requests.waiting(), "no second PUT while one is on its way");
      a.time.advance(Duration.ofMillis(80));
      reply.run();
      assertTrue(a.tickAndStart(), "the outcome of the first PUT counts");
      assertEquals(1, server.writes(), "the Lease was written once");
    }

    @Test
    void candidateLeadsAfterAPutSlowerThanTheRetryPeriod() {
      server.store(LeaseState.Spec.empty());
      a.requests.hold();
      a.tick();
      a.requests.commit().run();
      a.tick();
      Runnable reply = a.requests.commit();
      a.time.advance(Replica.SETTINGS.retryPeriod().plusMillis(200));
      reply.run();
      assertTrue(a.tickAndStart(), "taken, though the next renewal is due already");
      assertTrue(a.fence.isOpen(), "and the fence has been counted from before the send");
    }

    @Test
    void takeWithALostReplyIsTakenAgainWithAHigherEpoch() {
      server.store(LeaseState.Spec.empty());
      a.requests.hold();
      a.tick();
      a.requests.commit().run();
      a.tick();
      a.requests.commitAndLoseReply();
      a.requests.flow();
      assertTrue(a.run(SECOND), "it finds its own name and takes the Lease properly");
      assertEquals(2, a.fence.epoch(), "the epoch rises with every take");
    }

    @Test
    void restartedContainerOfTheLeadersPodLeadsAgainAtOnce() {
      a.tickAndStart();
      a.cutWatch();
      Replica restarted = new Replica("pod-a_1", server);
      assertTrue(restarted.tickAndStart(), "its own name is no reason to wait");
      assertEquals(2, restarted.fence.epoch(), "it is another term");
    }

    @Test
    void leaseDeletedUnderALiveHolderIsNotTakenBeforeItExpires() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      server.delete();
      assertFalse(a.run(LEASE.minusMillis(200)), "its holder may still write");
      assertTrue(a.run(SECOND), "afterwards the Lease is created anew");
      assertEquals(4, server.present().spec().transitions(), "and the epoch goes on");
    }

    @Test
    void refusedCreationsAreNotRepeatedAtEveryTick() {
      a.requests.fail(new LeaseResult.Failed("403: leases is forbidden"));
      a.run(Duration.ofSeconds(10));
      a.requests.flow();
      assertEquals(0, server.writes() + server.reads(), "nothing has reached the server so far");
      assertTrue(a.run(Duration.ofSeconds(3)), "it goes on trying");
    }
  }

  @Nested
  class Waiting {

    @Test
    void watchedHealthyHolderCostsNoRequests() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      int before = server.reads();
      for (int i = 0; i < 30; i++) {
        assertFalse(a.run(Duration.ofSeconds(2)), "the holder renews");
        server.edit(s -> heldBy("pod-b_1", 3));
      }
      assertEquals(before, server.reads(), "a minute of waiting, not one read");
      assertEquals(0, server.writes(), "and no write");
    }

    @Test
    void leaseIsReadWhenTheWatchIsSilent() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      a.cutWatch();
      for (int i = 0; i < 30; i++) {
        assertFalse(a.run(Duration.ofSeconds(2)), "the holder renews, though the watch is cut");
        server.edit(s -> heldBy("pod-b_1", 3));
      }
      assertTrue(server.reads() >= 10, "asked every five seconds: " + server.reads());
      assertTrue(server.reads() <= 14, "and not more often: " + server.reads());
    }

    @Test
    void bookmarksCountAsSignsOfLife() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      for (int i = 0; i < 3; i++) {
        a.run(Duration.ofSeconds(4));
        a.hold.alive();
      }
      assertEquals(1, server.reads(), "only the first read");
    }

    @Test
    void expiredLeaseIsTakenOnlyAfterAReadOfTheSameVersion() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      a.run(LEASE.minusMillis(100));
      a.requests.hold();
      a.hold.alive();
      a.run(Duration.ofMillis(200));
      assertEquals(1, a.requests.waiting(), "asks before it takes");
      server.edit(s -> heldBy("pod-b_1", 3));
      int writes = server.writes();
      a.requests.commit().run();
      a.requests.flow();
      assertFalse(a.run(Duration.ofSeconds(10)), "the holder had renewed after all");
      assertEquals(writes, server.writes(), "and no candidate tried to take the Lease");
    }

    @Test
    void crashedHolderIsReplacedWithinThreeHundredMilliseconds() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      assertFalse(a.run(LEASE.minusMillis(50)), "not before its time");
      assertTrue(a.run(Duration.ofMillis(300)), "but as soon as it is over");
    }

    @Test
    void releasedLeaseIsTakenOnTheNextTickWithoutARead() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      int reads = server.reads();
      server.edit(s -> heldBy(null, 3));
      assertTrue(a.tickAndStart(), "the watch has reported the release");
      assertEquals(reads, server.reads(), "and the take carries the version of that event");
    }

    @Test
    void heldLeaseLooksRenewedToTheElectorAtEachRead() throws ApiException {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      assertNotEquals(a.lock.get(), a.lock.get(), "or LeaderElector would count by the wall clock");
    }

    @Test
    void stepOfTheWallClockOnTheStandbyKeepsTheHealthyHolder() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      for (Duration step : List.of(HOUR, HOUR.negated())) {
        a.time.stepWall(step);
        assertFalse(a.run(Duration.ofSeconds(4)), "stepped by " + step);
        server.edit(s -> heldBy("pod-b_1", 3));
      }
      assertEquals("pod-b_1", server.present().holder(), "still the old holder");
    }

    @Test
    void wallClockSetBackOnTheStandbyDoesNotDelayTheTakeover() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      a.run(Duration.ofSeconds(5));
      a.time.stepWall(HOUR.negated());
      assertTrue(a.run(LEASE.minusSeconds(5).plusMillis(300)), "only the monotonic time counts");
    }

    @Test
    void frozenStandbyReadsTheLeaseBeforeItTakesIt() {
      server.store(heldBy("pod-b_1", 3));
      a.tick();
      a.cutWatch();
      a.freeze(HOUR);
      server.edit(s -> heldBy("pod-b_1", 3));
      assertFalse(a.tick(), "an hour of silence was its own");
      assertFalse(a.run(LEASE.minusMillis(100)), "the wait begins anew");
    }

    @Test
    void failingServerIsNotAskedAtEveryTick() {
      a.requests.fail(new LeaseResult.Failed("503"));
      CountingRequests counted = new CountingRequests(a.requests);
      LeaseHold hold =
          new LeaseHold("pod-a_1", Replica.SETTINGS, a.fence, counted, a.time.source());
      for (int i = 0; i < 200; i++) {
        a.time.advance(Duration.ofMillis(50));
        if (hold.wantsRead()) {
          hold.send(new LeaseRequests.Get());
        }
      }
      assertTrue(counted.sent >= 5, "keeps trying for ten seconds: " + counted.sent);
      assertTrue(counted.sent <= 12, "but slows down: " + counted.sent);
    }

    @Test
    void retryAfterIsHonoured() {
      a.requests.fail(new LeaseResult.Failed("429", Optional.of(Duration.ofSeconds(8))));
      a.tick();
      a.requests.flow();
      assertFalse(a.run(Duration.ofMillis(7800)), "the server asked for eight seconds");
      assertTrue(a.run(SECOND), "which are over");
    }

    @Test
    void absurdForeignDurationDoesNotBlockTheLeaseForEver() {
      server.store(new LeaseState.Spec("pod-b_1", Duration.ofDays(365), null, null, 3));
      a.tick();
      a.run(Duration.ofSeconds(121));
      assertEquals("pod-a_1", server.present().holder(), "two minutes at most");
    }

    @Test
    void longerDurationOfTheHolderIsRespected() {
      server.store(new LeaseState.Spec("pod-b_1", Duration.ofSeconds(40), null, null, 3));
      a.tick();
      assertFalse(a.run(Duration.ofSeconds(39)), "its fence was made from 40 s");
      assertTrue(a.run(Duration.ofSeconds(2)), "then it is over");
    }
  }
}
