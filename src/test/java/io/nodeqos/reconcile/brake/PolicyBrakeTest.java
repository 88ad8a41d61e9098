// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which start of an episode counts: that of this process or that of the policy's status. */
class PolicyBrakeTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant SECOND = Instant.parse("2026-01-01T13:00:00Z");
  private static final Instant THIRD = Instant.parse("2026-01-01T14:00:00Z");

  private static Optional<Instant> adopted(PolicyBrake brake, Instant recorded) {
    return brake.adopt(Optional.ofNullable(recorded)).since();
  }

  @Test
  void startInTheStatusCountsForAnEpisodeThatRuns() {
    PolicyBrake running = PolicyBrake.NONE.begin(FIRST).end(SECOND).begin(SECOND);
    assertEquals(Optional.of(THIRD), adopted(running, THIRD));
    assertEquals(Optional.of(SECOND), adopted(running, null), "it is not written yet");
    assertEquals(Optional.of(SECOND), adopted(running, FIRST), "that of the episode before");
  }

  @Test
  void statusStartsNoEpisodeAgainThatHasEnded() {
    PolicyBrake over = PolicyBrake.NONE.begin(FIRST).end(SECOND);
    assertEquals(Optional.empty(), adopted(over, FIRST));
    assertEquals(Optional.empty(), adopted(over, THIRD));
    assertEquals(Optional.empty(), adopted(over, null));
  }
}
