// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.nodeqos.node.NodeMemory.ReservationMemory;
import io.nodeqos.node.value.Resources;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeMemoryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  @Test
  void memoryForgetsAnotherIncarnation() {
    NodeView first = node("n").build();
    NodeMemory memory =
        NodeMemory.NONE
            .seeing(first, NOW)
            .withOpenSince(Optional.of(NOW))
            .conditionWritten(NOW)
            .configWritten(NOW);
    assertSame(memory, memory.seeing(first, NOW.plusSeconds(9)));
    NodeMemory next = memory.seeing(node("n").boot("boot-2").build(), NOW);
    assertEquals(new NodeBoot("uid-1/boot-2", Instant.EPOCH, true, NOW), next.boot());
    assertEquals(Optional.empty(), next.openSince());
    assertEquals(Optional.empty(), next.wordingSince());
    assertEquals(ReservationMemory.NONE, next.reservation());
  }

  @Test
  void lowerReservationDatesFromItsFirstUnchangedRequest() {
    Resources lower = new Resources(100, 0, 0);
    ReservationMemory first = ReservationMemory.NONE.withPendingDecrease(lower, NOW);
    assertSame(first, first.withPendingDecrease(lower, NOW.plusSeconds(9)));
    assertEquals(
        Optional.of(NOW.plusSeconds(9)),
        first.withPendingDecrease(new Resources(50, 0, 0), NOW.plusSeconds(9)).lowerSince());
    assertEquals(Optional.empty(), first.withoutPendingDecrease().lowerSince());
  }
}
