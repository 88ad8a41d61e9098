// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.fleet.Undecided.Stall;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UndecidedTest {
  private static final int FLEET = 10;

  private final Undecided undecided = new Undecided();

  @ParameterizedTest
  @EnumSource(names = {"NOT_SYNCED", "CACHE_BEHIND", "THROTTLED"})
  void processWideCauseStallsFromTheFirstNode(SyncResult result) {
    undecided.ended("n1", result, seconds(10));
    undecided.ended("n1", result, seconds(30));

    assertEquals(Optional.of(stall(35, 1, result)), undecided.stall(FLEET, seconds(45)));
  }

  @ParameterizedTest
  @EnumSource(names = {"DAMPED", "RETRY"})
  void nodeSpecificCauseStallsFromHalfOfTheFleet(SyncResult result) {
    for (int node = 1; node <= 4; node++) {
      undecided.ended("n" + node, result, seconds(node));
    }
    assertEquals(Optional.empty(), undecided.stall(FLEET, seconds(60)), "a fight over a few");

    undecided.ended("n5", result, seconds(61));

    assertEquals(Optional.of(stall(60, 5, result)), undecided.stall(FLEET, seconds(61)));
  }

  @Test
  void dampedWritesAreNoStall() {
    undecided.ended("n1", SyncResult.DAMPED, 0);
    undecided.ended("n2", SyncResult.DAMPED, 0);

    assertEquals(Optional.empty(), undecided.stall(2, seconds(60)), "no other leader fares better");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCHANGED", "WRITTEN", "DELETED", "NOT_LEADING", "CONFLICT", "REJECTED"})
  void decisionForAnyNodeEndsTheStall(SyncResult result) {
    undecided.ended("n1", SyncResult.NOT_SYNCED, 0);
    undecided.ended("n2", SyncResult.NOT_SYNCED, seconds(29));

    undecided.ended("n3", result, seconds(30));

    assertEquals(Optional.empty(), undecided.stall(FLEET, seconds(60)));
    undecided.ended("n1", SyncResult.NOT_SYNCED, seconds(61));
    assertEquals(
        Optional.of(stall(2, 1, SyncResult.NOT_SYNCED)),
        undecided.stall(FLEET, seconds(63)),
        "from anew");
  }

  @Test
  void deletedNodeDoesNotStall() {
    undecided.ended("n1", SyncResult.CACHE_BEHIND, 0);

    undecided.forget("n1", Instant.EPOCH);

    assertEquals(Optional.empty(), undecided.stall(FLEET, seconds(60)));
  }

  private static Stall stall(long lasting, int nodes, SyncResult result) {
    return new Stall(Duration.ofSeconds(lasting), nodes, result);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
