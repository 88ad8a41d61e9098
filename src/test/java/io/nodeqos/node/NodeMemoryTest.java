// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.nodeqos.node.NodeMemory.ReservationMemory;
import io.nodeqos.node.value.Resources;
import java.time.Duration;
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

  /** The time on the node is cut to seconds, so that the condition may be younger by one. */
  @Test
  void conditionThatAnotherProcessHasWrittenIsRemembered() {
    NodeMemory memory = NodeMemory.NONE;
    assertSame(memory, memory.seeingCondition(writtenAt(Instant.EPOCH), NOW, Duration.ZERO));
    assertEquals(
        Optional.of(NOW.minusSeconds(29)), wordingSince(NOW.minusSeconds(30), Duration.ZERO));
    assertEquals(
        Optional.of(NOW.minusSeconds(89)),
        wordingSince(NOW.minusSeconds(30), Duration.ofSeconds(60)),
        "by the clock of decisions");
    assertEquals(Optional.of(NOW), wordingSince(NOW, Duration.ZERO), "not later than now");
    assertEquals(
        Optional.empty(), wordingSince(NOW.plusSeconds(1), Duration.ZERO), "a wrong clock");
  }

  @Test
  void laterOfTwoTimesIsThatOfTheCondition() {
    NodeMemory own = NodeMemory.NONE.conditionWritten(NOW.minusSeconds(20));
    NodeView earlier = writtenAt(NOW.minusSeconds(21));
    assertSame(own, own.seeingCondition(earlier, NOW, Duration.ZERO));
    NodeView later = writtenAt(NOW.minusSeconds(20));
    assertEquals(
        Optional.of(NOW.minusSeconds(19)),
        own.seeingCondition(later, NOW, Duration.ZERO).wordingSince());
  }

  private static Optional<Instant> wordingSince(Instant written, Duration wallAhead) {
    return NodeMemory.NONE.seeingCondition(writtenAt(written), NOW, wallAhead).wordingSince();
  }

  private static NodeView writtenAt(Instant time) {
    return node("n").build().seen("7", Instant.EPOCH, time);
  }
}
