// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kubernetes.client.extended.leaderelection.LeaderElectionRecord;
import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.FencedException;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.ReleaseResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Giving the Lease back. */
class WatchedLockReleaseTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final LeaseServer server = new LeaseServer();
  private final Replica a = new Replica("pod-a_1", server);

  private CompletableFuture<ReleaseResult> releaseElsewhere() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return a.lock.release(TIMEOUT);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void releasedLeaseHasNoHolderAndKeepsItsTransitions() throws InterruptedException {
    a.tickAndStart();
    a.hold.close();
    assertFalse(a.fence.isOpen(), "no write passes from the moment of the release");
    assertEquals(ReleaseResult.RELEASED, a.lock.release(TIMEOUT), "given back");
    assertNull(server.present().holder(), "the Lease has no holder");
    assertEquals(1, server.present().spec().transitions(), "the next take goes beyond");
    assertFalse(a.run(Duration.ofSeconds(20)), "and this process never takes it again");
  }

  @Test
  void nextLeaderKnowsTheTimeOfTheLastSignOfItsPredecessor() throws InterruptedException {
    Replica b = new Replica("pod-b_1", server);
    a.tickAndStart();
    assertEquals(Optional.empty(), a.hold.term().orElseThrow().previousRenewTime(), "the first");
    b.tick();
    a.run(Duration.ofSeconds(3));
    a.freeze(Duration.ofSeconds(1));
    a.hold.close();
    Instant released = a.time.source().wallTime();
    a.lock.release(TIMEOUT);
    assertTrue(b.tickAndStart(), "at once");
    LeaderTerm second = b.hold.term().orElseThrow();
    assertEquals(Optional.of("pod-a_1"), second.previousHolder());
    assertEquals(Optional.of(released), second.previousRenewTime(), "given back after it renewed");
    Replica c = new Replica("pod-c_1", server);
    c.tick();
    Instant renewed = server.present().spec().renewTime();
    c.run(Replica.SETTINGS.leaseDuration().plusSeconds(1));
    c.startTerm();
    LeaderTerm third = c.hold.term().orElseThrow();
    assertEquals(Optional.of("pod-b_1"), third.previousHolder(), "which has died");
    assertEquals(Optional.of(renewed), third.previousRenewTime());
  }

  @Test
  void leaseOfAnEarlierProcessIsReleasedOnceItsWritesHaveEnded() throws InterruptedException {
    a.tickAndStart();
    Replica restarted = new Replica("pod-a_1", server);
    restarted.requests.hold();
    restarted.tick();
    restarted.requests.commit().run();
    restarted.requests.flow();
    restarted.hold.close();
    assertEquals(
        ElectionSettings.defaults().callTimeout(),
        restarted.hold.untilReleasable(),
        "the process before it could send a write until now");
    assertEquals(ReleaseResult.FAILED, restarted.lock.release(Duration.ofSeconds(1)), "too early");
    assertEquals("pod-a_1", server.present().holder());
    restarted.time.advance(ElectionSettings.defaults().callTimeout());
    assertEquals(ReleaseResult.RELEASED, restarted.lock.release(TIMEOUT));
    assertNull(server.present().holder(), "no candidate waits for a whole lease");
  }

  @Test
  void standbyHasNothingToRelease() throws InterruptedException {
    new Replica("pod-b_1", server).tickAndStart();
    a.tick();
    a.hold.close();
    int writes = server.writes();
    assertEquals(ReleaseResult.NOT_HELD, a.lock.release(TIMEOUT), "another holds it");
    assertEquals(writes, server.writes(), "and keeps it");
  }

  @Test
  void releaseWaitsForTheRenewalInFlight()
      throws InterruptedException, ExecutionException, TimeoutException {
    a.tickAndStart();
    a.time.advance(Duration.ofSeconds(2));
    a.requests.hold();
    a.tick();
    a.hold.close();
    CompletableFuture<ReleaseResult> release = releaseElsewhere();
    Runnable renewed = a.requests.commit();
    a.requests.flow();
    renewed.run();
    assertEquals(ReleaseResult.RELEASED, release.get(10, TimeUnit.SECONDS), "given back");
    assertNull(server.present().holder(), "the renewal did not come after the release");
  }

  @Test
  void releaseIsRepeatedAfterAConflict() throws InterruptedException {
    a.tickAndStart();
    a.cutWatch();
    server.edit(s -> s);
    a.hold.close();
    assertEquals(ReleaseResult.RELEASED, a.lock.release(TIMEOUT), "read afresh, then released");
    assertNull(server.present().holder(), "no candidate waits for a whole lease");
  }

  @Test
  void leaseTakenDuringTheStopIsReleased()
      throws InterruptedException, ExecutionException, TimeoutException {
    server.store(LeaseState.Spec.empty());
    a.requests.hold();
    a.tick();
    a.requests.commit().run();
    a.tick();
    a.hold.close();
    CompletableFuture<ReleaseResult> release = releaseElsewhere();
    Runnable taken = a.requests.commit();
    a.requests.flow();
    taken.run();
    assertEquals(ReleaseResult.RELEASED, release.get(10, TimeUnit.SECONDS), "given back");
    assertFalse(a.fence.isOpen(), "it never led");
  }

  @Test
  void leaseTakenWithALostReplyIsReleased() throws InterruptedException {
    server.store(LeaseState.Spec.empty());
    a.requests.hold();
    a.tick();
    a.requests.commit().run();
    a.tick();
    a.cutWatch();
    a.requests.commitAndLoseReply();
    a.requests.flow();
    a.hold.close();
    assertEquals(ReleaseResult.RELEASED, a.lock.release(TIMEOUT), "asks before it says not held");
    assertNull(server.present().holder(), "or all would wait for a process that is gone");
  }

  @Test
  void onlyOneRequestIsInFlight() {
    a.requests.hold();
    a.hold.send(new LeaseRequests.Get());
    assertEquals(
        Boolean.FALSE, a.hold.send(new LeaseRequests.Get()).getNow(null), "not sent at all");
    assertEquals(1, a.requests.waiting(), "the first one");
  }

  @Test
  void releaseTimesOutWhenTheServerHangs() throws InterruptedException {
    a.tickAndStart();
    a.requests.hold();
    a.hold.close();
    assertEquals(
        ReleaseResult.FAILED, a.lock.release(Duration.ofMillis(50)), "bounded, whatever happens");
  }

  @Test
  void electorsOwnReleaseIsLeftToTheStopOrder() {
    a.tickAndStart();
    assertTrue(a.lock.update(new LeaderElectionRecord()), "LeaderElector.close() is content");
    assertEquals("pod-a_1", server.present().holder(), "but the Lease is kept until the drain");
  }

  @Test
  void writesPassAndTheLeaseIsRenewedDuringTheDrain() throws FencedException {
    a.tickAndStart();
    a.fence.closeToNewWork();
    assertFalse(a.fence.isOpen(), "no new work");
    assertTrue(a.run(Duration.ofSeconds(30)), "the Lease is held as long as the drain takes");
    a.fence.check();
  }
}
