// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.reconcile.fleet.Undecided.Stall;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UndecidedTest {
  private static final int FLEET = 10;

  private final Undecided undecided = new Undecided();

  @ParameterizedTest
  @ValueSource(strings = {"not_synced", "cache_behind", "throttled"})
  void causeInThisProcessCountsFromTheFirstNode(String result) {
    undecided.ended("n1", result, seconds(10));
    undecided.ended("n1", result, seconds(30));

    assertEquals(Optional.of(stall(35, 1, result)), undecided.stall(FLEET, seconds(45)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"damped", "retry"})
  void causeThatCanBeAtANodeCountsWhenItConcernsHalfOfTheFleet(String result) {
    for (int node = 1; node <= 4; node++) {
      undecided.ended("n" + node, result, seconds(node));
    }
    assertEquals(Optional.empty(), undecided.stall(FLEET, seconds(60)), "a fight over a few");

    undecided.ended("n5", result, seconds(61));

    assertEquals(Optional.of(stall(60, 5, result)), undecided.stall(FLEET, seconds(61)));
  }

  @Test
  void fightOverTheOnlyNodesIsNoStandstill() {
    undecided.ended("n1", "damped", 0);
    undecided.ended("n2", "damped", 0);

    assertEquals(Optional.empty(), undecided.stall(2, seconds(60)), "no other leader fares better");
  }

  @ParameterizedTest
  @ValueSource(strings = {"unchanged", "written", "deleted", "not_leading", "conflict", "rejected"})
  void decisionForAnyNodeEndsIt(String result) {
    undecided.ended("n1", "not_synced", 0);
    undecided.ended("n2", "not_synced", seconds(29));

    undecided.ended("n3", result, seconds(30));

    assertEquals(Optional.empty(), undecided.stall(FLEET, seconds(60)));
    undecided.ended("n1", "not_synced", seconds(61));
    assertEquals(
        Optional.of(stall(2, 1, "not_synced")), undecided.stall(FLEET, seconds(63)), "from anew");
  }

  @Test
  void nodeThatIsGoneDoesNotWait() {
    undecided.ended("n1", "cache_behind", 0);

    undecided.forget("n1");

    assertEquals(Optional.empty(), undecided.stall(FLEET, seconds(60)));
  }

  private static Stall stall(long lasting, int nodes, String result) {
    return new Stall(Duration.ofSeconds(lasting), nodes, result);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
