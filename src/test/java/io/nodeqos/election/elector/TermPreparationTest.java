// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static io.nodeqos.election.elector.Candidate.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.ReleaseResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Preparations before a fence opens, under the real LeaderElector, in real time. */
class TermPreparationTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final String NOT_RENEWED = "the Lease was not renewed in time";

  private final LeaseServer server = new LeaseServer();
  private final SteppedClock clock = new SteppedClock();
  private final BlockingQueue<CompletableFuture<Void>> begun = new LinkedBlockingQueue<>();
  private final Candidate a =
      new Candidate(
              "pod-a_1",
              new DelayedStore(server, Duration.ofMillis(5)),
              ElectionSettings.fast(),
              clock.source(),
              this::prepare)
          .start();

  private CompletableFuture<Void> prepare() {
    CompletableFuture<Void> prepared = new CompletableFuture<>();
    begun.add(prepared);
    return prepared;
  }

  private CompletableFuture<Void> nextPreparation() throws InterruptedException {
    CompletableFuture<Void> next = begun.poll(30, TimeUnit.SECONDS);
    assertNotNull(next, "it begins");
    return next;
  }

  private void leadFirst() throws InterruptedException {
    nextPreparation().complete(null);
    assertEquals("leading 1", a.next());
  }

  @AfterEach
  void close() {
    a.close();
  }

  @Test
  void termIsRenewedDuringPreparationAndStartsAfterIt() throws InterruptedException {
    CompletableFuture<Void> prepared = nextPreparation();
    eventually("the Lease is renewed", () -> server.writes() >= 4);
    assertFalse(a.leadership.fence().isOpen(), "no write before");
    assertFalse(a.leadership.status().leading());
    assertTrue(
        a.leadership.waitingToStart().compareTo(Duration.ofSeconds(1)) > 0, "and it says so");
    assertEquals(List.of(), a.rest());

    prepared.complete(null);

    assertEquals("leading 1", a.next());
    assertTrue(a.leadership.fence().isOpen());
    assertEquals(Duration.ZERO, a.leadership.waitingToStart());
  }

  @Test
  void termThatEndedDuringPreparationNeverStarts() throws InterruptedException {
    CompletableFuture<Void> prepared = nextPreparation();

    a.leadership.stepDown("the caches do not catch up");
    prepared.complete(null);

    eventually("the Lease is given back", () -> server.present().holder() == null);
    assertFalse(a.leadership.fence().isOpen());
    assertEquals(List.of(), a.rest(), "listeners hear nothing of it");
  }

  @Test
  void closedFenceOpensAfterANewPreparation() throws InterruptedException {
    leadFirst();

    clock.set(HOUR);

    assertEquals("stopped 1: " + NOT_RENEWED, a.next());
    CompletableFuture<Void> prepared = nextPreparation();
    int writes = server.writes();
    eventually("the Lease is renewed", () -> server.writes() >= writes + 2);
    assertFalse(a.leadership.fence().isOpen(), "no write from earlier knowledge");
    assertFalse(a.leadership.status().leading());
    assertFalse(a.leadership.waitingToStart().isZero(), "and it says so");
    assertTrue(a.leadership.waitingToStart().compareTo(HOUR) < 0, "since it has been closed");

    prepared.complete(null);

    assertEquals("leading 2", a.next());
    assertTrue(a.leadership.fence().isOpen());
    assertEquals(Duration.ZERO, a.leadership.waitingToStart());
    assertNull(begun.poll(), "once for each term");
  }

  @Test
  void preparationFromBeforeAPauseOpensNoFence() throws InterruptedException {
    leadFirst();
    clock.set(HOUR);
    CompletableFuture<Void> cut = nextPreparation();
    eventually("the Lease is taken", () -> !a.leadership.waitingToStart().isZero());
    clock.set(Duration.ZERO);
    CompletableFuture<Void> whole = nextPreparation();

    cut.complete(null);

    assertFalse(a.leadership.fence().isOpen(), "it knows nothing of the second pause");
    assertEquals(List.of("stopped 1: " + NOT_RENEWED), a.rest());
    whole.complete(null);
    assertEquals("leading 3", a.next(), "the second term never started");
  }

  @Test
  void leaseCanBeReleasedWhileAFenceWaitsForPreparation() throws InterruptedException {
    leadFirst();
    clock.set(HOUR);
    CompletableFuture<Void> prepared = nextPreparation();

    assertEquals(ReleaseResult.RELEASED, a.leadership.release(Duration.ofSeconds(5)));
    prepared.complete(null);

    assertFalse(a.leadership.fence().isOpen());
    assertNull(server.present().holder());
    assertEquals(List.of("stopped 1: " + NOT_RENEWED), a.rest());
  }

  @Test
  void repeatedStepsOfTheWallClockLetNoOtherCandidateLead() throws InterruptedException {
    int steps = 10;
    leadFirst();
    try (Candidate b = new Candidate("pod-b_1", server, Duration.ofMillis(5)).start()) {
      for (int i = 0; i < steps; i++) {
        clock.set(i % 3 == 0 ? HOUR.negated() : Duration.ofMinutes(20L * (i % 3)));
        assertFalse(a.leadership.fence().isOpen(), "until another term has begun");
        assertEquals("stopped " + (i + 1) + ": " + NOT_RENEWED, a.next());
        nextPreparation().complete(null);
        assertEquals("leading " + (i + 2), a.next());
        assertTrue(a.leadership.fence().isOpen(), "it leads on");
      }
      assertEquals(List.of(), b.rest(), "no other candidate leads");
    }
    assertTrue(server.writes() <= 3 * steps, "a write for each step: " + server.writes());
  }
}
