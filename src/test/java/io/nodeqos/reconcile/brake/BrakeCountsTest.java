// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.reconcile.brake.BrakeState.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How the brake counts the nodes of a policy. */
class BrakeCountsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration WINDOW = Duration.ofHours(1);

  private final Map<String, BrakeState> nodes = new HashMap<>();

  private void node(String name, String policy, Kind kind, Instant since) {
    nodes.put(name, new BrakeState(kind, policy, since, "why " + name, "uid/boot"));
  }

  private BrakeCounts counts() {
    return BrakeCounts.of("p", nodes, NOW.minus(WINDOW), NOW);
  }

  @Test
  void nodesOfThePolicyAreCountedByKind() {
    node("warm", "p", Kind.WARM, Instant.EPOCH);
    node("closing", "p", Kind.CLOSING, Instant.EPOCH);
    node("due", "p", Kind.DUE, NOW);
    node("lost", "p", Kind.LOST, NOW.minusSeconds(60));
    node("earlier", "p", Kind.LOST, NOW.minus(WINDOW).plusSeconds(1));
    node("expired", "p", Kind.LOST, NOW.minus(WINDOW));
    node("other", "q", Kind.DUE, NOW);
    nodes.put("none", BrakeState.NONE);
    assertEquals(
        new BrakeCounts(
            NOW,
            1,
            2,
            2,
            5,
            Optional.of(NOW.minus(WINDOW).plusSeconds(1)),
            Map.of("due", "why due")),
        counts());
  }

  @Test
  void unknownPolicyHasNoCounts() {
    node("other", "q", Kind.LOST, NOW);
    assertEquals(new BrakeCounts(NOW, 0, 0, 0, 0, Optional.empty(), Map.of()), counts());
  }

  @Test
  void examplesAreTheFirstTwentyByName() {
    for (int i = 99; i >= 0; i--) {
      node("n%02d".formatted(i), "p", Kind.DUE, NOW);
    }
    assertEquals(100, counts().due());
    List<String> examples = List.copyOf(counts().examples().keySet());
    assertEquals(20, examples.size());
    assertEquals("n00", examples.get(0));
    assertEquals("n19", examples.get(19));
  }

  @Test
  void percentageIsExactForLargeFleets() {
    assertFalse(new BrakeCounts(NOW, 0, 0, 2, 2, Optional.empty(), Map.of()).isTooMuch(0));
    assertTrue(new BrakeCounts(NOW, 0, 0, 3, 3, Optional.empty(), Map.of()).isTooMuch(99));
    int many = 100_000_000;
    assertFalse(
        new BrakeCounts(NOW, 0, many / 5, 0, many, Optional.empty(), Map.of()).isTooMuch(20));
    assertTrue(
        new BrakeCounts(NOW, 0, many / 5 + 1, 0, many, Optional.empty(), Map.of()).isTooMuch(20));
  }
}
