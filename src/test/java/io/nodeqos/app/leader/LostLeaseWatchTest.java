// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LostLeaseWatchTest {
  private final FakeTime time = new FakeTime();
  private boolean leading = true;
  private boolean ended;
  private Duration longest = Duration.ZERO;

  private final LostLeaseWatch watch =
      new LostLeaseWatch(
          () -> leading, () -> longest, Duration.ofSeconds(3), () -> ended = true, time.source());

  @Test
  void standbyDoesNotEndTheProcess() {
    leading = false;
    longest = Duration.ofHours(1);
    pass(60);
    assertFalse(ended);
  }

  @Test
  void processEndsWhenAFormerLeaderStillHasWorkInFlight() {
    watch.check();
    leading = false;
    watch.check();
    longest = Duration.ofSeconds(10);
    pass(2);
    assertFalse(ended, "it may take a moment");
    pass(2);
    assertTrue(ended);
  }

  @Test
  void processStaysWhenWorkWasStartedAsAStandby() {
    watch.check();
    leading = false;
    watch.check();
    longest = Duration.ofSeconds(1);
    pass(60);
    assertFalse(ended);
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.advance(Duration.ofSeconds(1));
      watch.check();
    }
  }
}
