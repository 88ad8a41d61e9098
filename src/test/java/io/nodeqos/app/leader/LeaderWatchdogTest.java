// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.fleet.Undecided;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaderWatchdogTest {
  private final List<String> steppedDown = new ArrayList<>();
  private final FakeTime time = new FakeTime();
  private boolean leading = true;
  private Duration stalled = Duration.ZERO;
  private Duration stale = Duration.ZERO;
  private Duration waitingToStart = Duration.ZERO;
  private final Undecided undecided = new Undecided();

  private final LeaderWatchdog watchdog =
      new LeaderWatchdog(
          new LeaderSigns() {
            @Override
            public boolean leading() {
              return leading;
            }

            @Override
            public Duration workersStalled() {
              return stalled;
            }

            @Override
            public Duration cachesStale() {
              return stale;
            }

            @Override
            public Duration waitingToStart() {
              return waitingToStart;
            }

            @Override
            public Optional<Undecided.Stall> undecided() {
              return undecided.stall(1_000, time.nanos());
            }
          },
          (cause, reason) -> steppedDown.add(cause.label() + ": " + reason),
          Duration.ofSeconds(30));

  @Test
  void healthyLeaderKeepsTheLease() {
    stalled = Duration.ofSeconds(29);
    stale = Duration.ofSeconds(30);
    watchdog.check();
    assertEquals(List.of(), steppedDown);
  }

  @Test
  void leaderWhoseWorkersMakeNoProgressStepsDown() {
    stalled = Duration.ofSeconds(31);
    watchdog.check();
    assertEquals(List.of("workers: no worker made progress for 31s"), steppedDown);
  }

  @Test
  void leaderWhoseCachesAreStaleStepsDown() {
    stale = Duration.ofSeconds(45);
    watchdog.check();
    assertEquals(List.of("caches: a cache was cut off from the API server for 45s"), steppedDown);
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
        List.of("caches: the caches did not catch up with the API server for 31s"), steppedDown);
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
  void standbyDoesNotStepDown() {
    leading = false;
    stalled = Duration.ofHours(1);
    stale = Duration.ofHours(1);
    watchdog.check();
    assertEquals(List.of(), steppedDown);
  }
}
