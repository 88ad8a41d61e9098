// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.LeaseState;
import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Lease with values of another writer. */
class ForeignLeaseTest {
  private static final Duration LEASE = Replica.SETTINGS.leaseDuration();
  private static final Instant NOW = FakeTime.START;
  private static final long MAX = Integer.MAX_VALUE;

  private final LeaseServer server = new LeaseServer();

  private static Arguments odd(String description, LeaseState.Spec spec, String sentence) {
    return Arguments.of(description, spec, sentence);
  }

  private static LeaseState.Spec held(Long seconds, Instant acquired, Instant renewed, long epoch) {
    return new LeaseState.Spec(
        "ghost", seconds == null ? null : Duration.ofSeconds(seconds), acquired, renewed, epoch);
  }

  static List<Arguments> odd() {
    return List.of(
        odd(
            "transitions at the maximum",
            held(15L, NOW, NOW, MAX),
            "leaseTransitions is 2147483647, which cannot be incremented; the next term has the number 1"),
        odd(
            "transitions without a holder at the maximum",
            new LeaseState.Spec(null, null, null, null, MAX),
            "leaseTransitions is 2147483647"),
        odd(
            "negative transitions",
            held(15L, NOW, NOW, -7),
            "leaseTransitions is -7, which cannot be incremented; the next term has the number 1"),
        odd(
            "a duration of 68 years",
            held(MAX, NOW, NOW, 3),
            "leaseDurationSeconds is 2147483647, which is not from 1 to 60; this process uses its own 15"),
        odd("no duration", held(null, NOW, NOW, 3), ""),
        odd("a duration of zero", held(0L, NOW, NOW, 3), "leaseDurationSeconds is 0"),
        odd("a negative duration", held(-5L, NOW, NOW, 3), "leaseDurationSeconds is -5"),
        odd(
            "renewed in a thousand years",
            held(15L, NOW, NOW.plus(Duration.ofDays(365_000)), 3),
            "is ahead of the clock of this process"),
        odd("renewed long ago", held(15L, NOW, Instant.parse("0001-01-01T00:00:00Z"), 3), ""),
        odd("never renewed", held(15L, NOW, null, 3), "renewTime is missing"),
        odd(
            "acquired in a thousand years",
            held(15L, NOW.plus(Duration.ofDays(365_000)), NOW, 3),
            ""),
        odd("never acquired", held(15L, null, NOW, 3), ""),
        odd(
            "a holder of 10,000 characters",
            new LeaseState.Spec("x".repeat(10_000), LEASE, NOW, NOW, 3),
            "holderIdentity has 10000 characters"),
        odd("a blank holder", new LeaseState.Spec(" ", LEASE, NOW, NOW, 3), ""),
        odd("an empty holder", new LeaseState.Spec("", LEASE, NOW, NOW, 3), ""),
        odd("our own name", new LeaseState.Spec("pod-a_1", LEASE, NOW, NOW, 3), ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("odd")
  void oddLeaseIsTakenWithFewRequestsAndOneLogLine(
      String description, LeaseState.Spec spec, String sentence) {
    server.store(spec);
    Replica a = new Replica("pod-a_1", server);
    try (CapturedLog log = CapturedLog.of(LeaseSanitizer.class)) {
      for (int i = 0; i < 400 && !a.fence.isOpen(); i++) {
        a.time.advance(Duration.ofMillis(50));
        a.tickAndStart();
      }
      assertTrue(a.fence.isOpen(), "a leader within 20 s");
      assertEquals(1, server.writes(), "which took it at once when it could");
      assertTrue(server.reads() <= 8, "reads: " + server.reads());
      assertTrue(a.run(Duration.ofMinutes(1)), "and holds it");
      assertEquals(a.fence.epoch(), server.present().spec().transitions());
      List<String> reported = log.warnings();
      assertEquals(sentence.isEmpty() ? 0 : 1, reported.size(), reported::toString);
      assertTrue(reported.toString().contains(sentence), reported::toString);
    }
  }

  /** The same while a process leads, with a standby beside it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("odd")
  void oddLeaseUnderALeaderEndsItsTermOrNotAndOneOfTheTwoLeadsAgain(
      String description, LeaseState.Spec spec) {
    Replica a = new Replica("pod-a_1", server);
    Replica b = new Replica("pod-b_1", server);
    assertTrue(a.tickAndStart());
    assertFalse(b.tickAndStart());
    server.store(spec);
    int before = server.writes();
    int without = 0;
    for (int i = 0; i < 2000; i++) {
      for (Replica each : List.of(a, b)) {
        each.time.advance(Duration.ofMillis(50));
        boolean wasLost = !each.fence.isOpen();
        boolean leads = wasLost ? each.leadAgain() : each.tick();
        assertFalse(a.fence.isOpen() && b.fence.isOpen(), "two fences are open, leads: " + leads);
      }
      without = a.fence.isOpen() || b.fence.isOpen() ? 0 : without + 1;
      assertTrue(without < 420, "no leader for 21 s");
    }
    assertEquals(0, without, "a leader at the end");
    assertTrue(server.writes() - before <= 60, "writes in 100 s: " + (server.writes() - before));
  }

  @Test
  void leaderKeepsLeadingWhenItsTransitionsAreSetToTheMaximum() {
    Replica a = new Replica("pod-a_1", server);
    a.tickAndStart();
    server.edit(s -> new LeaseState.Spec(s.holder(), LEASE, NOW, NOW, MAX));
    assertFalse(a.fence.isOpen(), "another process may have taken it under its name");
    a.hold.newRound();
    assertTrue(a.tickAndStart());
    assertTrue(a.fence.isOpen());
    assertEquals(1, a.fence.epoch());
    assertEquals(2, server.writes(), "both were accepted");
  }

  @Test
  void longerDurationOfTheHolderIsRespected() {
    server.store(held(4 * LEASE.toSeconds(), NOW, NOW, 3));
    Replica a = new Replica("pod-a_1", server);
    assertFalse(a.run(LEASE.multipliedBy(4)), "its fence was made from that");
    assertTrue(a.run(Duration.ofSeconds(1)));
  }
}
