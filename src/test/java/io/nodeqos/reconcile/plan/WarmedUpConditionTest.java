// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.Reason;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WarmedUpConditionTest {
  private static final Instant SINCE = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant NOW = SINCE.plusSeconds(60);

  @Test
  void nodeWithoutTheConditionHasNoneOfItsProperties() {
    WarmedUpCondition none = WarmedUpCondition.of(node("n").build());
    assertFalse(none.isTrue());
    assertFalse(none.isWaiting());
    assertFalse(none.hasReason(Reason.GATE_DEADLOCK));
    assertEquals(Optional.empty(), none.waitingSince());
    assertFalse(none.says(none.with("False", Reason.GATE_DEADLOCK, "", NOW)));
  }

  @Test
  void reasonIsThatOfTheNode() {
    WarmedUpCondition condition = of("False", SINCE);
    assertTrue(condition.hasReason(Reason.GATE_DEADLOCK));
    assertFalse(condition.hasReason(Reason.IMAGES_MISSING));
  }

  @Test
  void onlyAStatusOtherThanTrueIsWaiting() {
    assertEquals(Optional.of(SINCE), of("False", SINCE).waitingSince());
    assertEquals(Optional.of(SINCE), of("Unknown", SINCE).waitingSince());
    assertEquals(Optional.empty(), of("True", SINCE).waitingSince());
    assertEquals(Optional.empty(), of("False", Instant.EPOCH).waitingSince(), "it has no time");
    assertTrue(of("Unknown", SINCE).isWaiting());
    assertFalse(of("True", SINCE).isWaiting());
  }

  /** API conventions: lastTransitionTime changes with the status only. */
  @Test
  void transitionTimeStaysWhileTheStatusDoes() {
    assertEquals(SINCE, with(of("False", SINCE), "False").lastTransitionTime());
    assertEquals(NOW, with(of("False", SINCE), "True").lastTransitionTime());
    assertEquals(
        NOW,
        with(of("False", NOW.plusSeconds(3600)), "False").lastTransitionTime(),
        "a time in the future is of another writer");
  }

  @Test
  void conditionSaysNothingNewWhenStatusReasonAndMessageAreTheSame() {
    WarmedUpCondition present = of("False", SINCE);
    assertTrue(present.says(present.with("False", Reason.GATE_DEADLOCK, "why", NOW)));
    assertFalse(present.says(present.with("Unknown", Reason.GATE_DEADLOCK, "why", NOW)));
    assertFalse(present.says(present.with("False", Reason.IMAGES_MISSING, "why", NOW)));
    assertFalse(present.says(present.with("False", Reason.GATE_DEADLOCK, "else", NOW)));
  }

  private static NodeCondition with(WarmedUpCondition present, String status) {
    return present.with(status, Reason.WARMED_UP, "", NOW);
  }

  private static WarmedUpCondition of(String status, Instant since) {
    return WarmedUpCondition.of(
        node("n")
            .condition(
                new NodeCondition(
                    Keys.WARMED_UP_CONDITION, status, Reason.GATE_DEADLOCK.code(), "why", since))
            .build());
  }
}
