// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Quantity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusChangeTest {
  private static final StatusChange ALL =
      new StatusChange(
          Optional.of(condition("t", "False", "Why", "says")),
          Map.of("a", Quantity.of(1)),
          Set.of("b"),
          true);

  /** Times differ between clocks, and say nothing new. */
  @ParameterizedTest
  @CsvSource({
    "t, False,   Why,  says, true",
    "u, False,   Why,  says, false",
    "t, Unknown, Why,  says, false",
    "t, False,   Else, says, false",
    "t, False,   Why,  else, false",
  })
  void conditionIsOnANodeThatSaysTheSame(
      String type, String status, String reason, String message, boolean isOn) {
    NodeView node = node("n").condition(condition(type, status, reason, message)).build();
    assertEquals(isOn, ALL.isOn(node));
  }

  @Test
  void changeWithoutAConditionIsOnEveryNode() {
    assertTrue(ALL.ofResources().isOn(node("n").build()));
  }

  @Test
  void partsOfAChangeAreTheWhole() {
    assertEquals(new StatusChange(Optional.empty(), Map.of(), Set.of("b"), true), ALL.removals());
    assertEquals(
        new StatusChange(ALL.condition(), Map.of("a", Quantity.of(1)), Set.of()), ALL.additions());
    assertEquals(
        new StatusChange(Optional.empty(), Map.of("a", Quantity.of(1)), Set.of("b")),
        ALL.ofResources());
    assertEquals(ALL, ALL.ofResources().withConditionOf(ALL));
    assertTrue(StatusChange.of(Optional.empty()).isEmpty());
    assertEquals(ALL.condition(), StatusChange.of(ALL.condition()).condition());
  }

  private static NodeCondition condition(
      String type, String status, String reason, String message) {
    return new NodeCondition(type, status, reason, message, Instant.EPOCH);
  }
}
