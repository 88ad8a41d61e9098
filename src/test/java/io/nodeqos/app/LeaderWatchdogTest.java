// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.fleet.Undecided;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderWatchdogTest {
  private final List<String> steppedDown = new ArrayList<>();
  private final FakeTime time = new FakeTime();
  private boolean leading = true;
  private boolean ended;
  private Duration stalled = Duration.ZERO;
  private Duration stale = Duration.ZERO;
  private Duration longest = Duration.ZERO;
  private Duration waitingToStart = Duration.ZERO;
  private final Undecided undecided = new Undecided();

  private final LeaderWatchdog watchdog =
      new LeaderWatchdog(
          new LeaderWatchdog.Signals(
              () -> leading,
              () -> stalled,
              () -> stale,
              () -> waitingToStart,
              () -> undecided.stall(1_000, time.nanos()),
              () -> longest),
          new LeaderWatchdog.Actions(
              (cause, reason) -> steppedDown.add(cause.label() + ": " + reason),
              () -> ended = true),
          new LeaderWatchdog.Limits(Duration.ofSeconds(30), Duration.ofSeconds(3)),
          time.source());

  @Test
  void healthyLeaderKeepsTheLease() {
    stalled = Duration.ofSeconds(29);
    stale = Duration.ofSeconds(30);
    watchdog.check();
    assertEquals(List.of(), steppedDown);
  }

  @Test
  void aLeaderWhoseWorkersMakeNoProgressStepsDown() {
    stalled = Duration.ofSeconds(31);
    watchdog.check();
    assertEquals(List.of("workers: no worker has got on for 31 s"), steppedDown);
  }

  @Test
  void aLeaderWhoseCachesAreStaleStepsDown() {
    stale = Duration.ofSeconds(45);
    watchdog.check();
    assertEquals(
        List.of("caches: a cache has been cut off from the API server for 45 s"), steppedDown);
  }

  @Test
  void leaseHolderWhoseCachesDoNotCatchUpStepsDown() {
    leading = false;
    waitingToStart = Duration.ofSeconds(30);
    watchdog.check();
    assertEquals(List.of(), steppedDown);
    waitingToStart = Duration.ofSeconds(31);
    watchdog.check();
    assertEquals(
        List.of("caches: the caches have not caught up with the API server for 31 s"), steppedDown);
  }

  @Test
  void leaderWhoseReconcilesDecideNothingStepsDown() {
    for (int second = 0; second <= 31; second++) {
      undecided.ended("n1", SyncResult.NOT_SYNCED, time.nanos());
      undecided.ended("n2", SyncResult.NOT_SYNCED, time.nanos());
      watchdog.check();
      assertEquals(second == 31 ? 1 : 0, steppedDown.size(), "after " + second + " s");
      time.advance(Duration.ofSeconds(1));
    }
    assertEquals(
        List.of(
            "decisions: no reconcile has reached a decision for 31s, and 2 nodes wait"
                + " (result=not_synced)"),
        steppedDown);
  }

  @Test
  void watchdogSurvivesAnException() {
    stalled = null;
    watchdog.checkSafely();
    assertEquals(List.of(), steppedDown, "nothing is known");
    stalled = Duration.ofSeconds(31);
    watchdog.checkSafely();
    assertEquals(List.of("workers: no worker has got on for 31 s"), steppedDown);
  }

  @Test
  void standbyDoesNotStepDown() {
    leading = false;
    stalled = Duration.ofHours(1);
    longest = Duration.ofHours(1);
    pass(60);
    assertEquals(List.of(), steppedDown);
    assertFalse(ended);
  }

  @Test
  void processEndsWhenAFormerLeaderStillHasWorkInFlight() {
    watchdog.check();
    leading = false;
    watchdog.check();
    longest = Duration.ofSeconds(10);
    pass(2);
    assertFalse(ended, "it may take a moment");
    pass(2);
    assertTrue(ended);
  }

  @Test
  void processStaysWhenWorkWasStartedAsAStandby() {
    watchdog.check();
    leading = false;
    watchdog.check();
    longest = Duration.ofSeconds(1);
    pass(60);
    assertFalse(ended);
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.advance(Duration.ofSeconds(1));
      watchdog.check();
    }
  }
}
