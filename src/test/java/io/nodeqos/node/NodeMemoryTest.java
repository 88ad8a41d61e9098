// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.nodeqos.node.NodeMemory.ReservationMemory;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeMemoryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  @Test
  void nothingIsRememberedOfAnotherIncarnation() {
    NodeMemory memory =
        NodeMemory.NONE
            .of("uid/boot-1")
            .withOpenSince(Optional.of(NOW))
            .conditionWritten(NOW)
            .configWritten(NOW);
    assertSame(memory, memory.of("uid/boot-1"));
    assertEquals(NodeMemory.NONE.of("uid/boot-2"), memory.of("uid/boot-2"));
    assertEquals(Optional.empty(), memory.of("uid/boot-2").openSince());
    assertEquals(Optional.empty(), memory.of("uid/boot-2").wordingSince());
    assertEquals(ReservationMemory.NONE, memory.of("uid/boot-2").reservation());
  }

  @Test
  void aLowerReservationIsWantedSinceItWasFirstWantedUnchanged() {
    Resources lower = new Resources(100, 0, 0);
    ReservationMemory first = ReservationMemory.NONE.wanting(lower, NOW);
    assertSame(first, first.wanting(lower, NOW.plusSeconds(9)));
    assertEquals(
        Optional.of(NOW.plusSeconds(9)),
        first.wanting(new Resources(50, 0, 0), NOW.plusSeconds(9)).lowerSince());
    assertEquals(Optional.empty(), first.calm().lowerSince());
  }
}
