// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderWatchdogTest {
  private final List<String> steppedDown = new ArrayList<>();
  private long now;
  private boolean leading = true;
  private boolean ended;
  private Duration stalled = Duration.ZERO;
  private Duration stale = Duration.ZERO;
  private Duration longest = Duration.ZERO;

  private final LeaderWatchdog watchdog =
      new LeaderWatchdog(
          new LeaderWatchdog.Signals(() -> leading, () -> stalled, () -> stale, () -> longest),
          new LeaderWatchdog.Actions(steppedDown::add, () -> ended = true),
          new LeaderWatchdog.Limits(Duration.ofSeconds(30), Duration.ofSeconds(3)),
          () -> now);

  @Test
  void aHealthyLeaderGoesOn() {
    stalled = Duration.ofSeconds(29);
    stale = Duration.ofSeconds(30);
    watchdog.check();
    assertEquals(List.of(), steppedDown);
  }

  @Test
  void aLeaderWhoseWorkersMakeNoProgressStepsDown() {
    stalled = Duration.ofSeconds(31);
    watchdog.check();
    assertEquals(List.of("no worker has got on for 31 s"), steppedDown);
  }

  @Test
  void aLeaderWhoseCachesAreStaleStepsDown() {
    stale = Duration.ofSeconds(45);
    watchdog.check();
    assertEquals(List.of("a cache has been cut off from the API server for 45 s"), steppedDown);
  }

  @Test
  void aStandbyIsLeftAlone() {
    leading = false;
    stalled = Duration.ofHours(1);
    longest = Duration.ofHours(1);
    pass(60);
    assertEquals(List.of(), steppedDown);
    assertFalse(ended);
  }

  @Test
  void workThatWasBegunAsTheLeaderAndGoesOnEndsTheProcess() {
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
  void workThatWasBegunAsAStandbyIsNoReasonToEnd() {
    watchdog.check();
    leading = false;
    watchdog.check();
    longest = Duration.ofSeconds(1);
    pass(60);
    assertFalse(ended);
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      now += 1_000_000_000L;
      watchdog.check();
    }
  }
}
