// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The part of a plan that is left while the brake holds. */
class BrakedPlanTest {
  private static final NodeView WARM = Plans.warm("n").build();
  private static final MetadataChange CONFIGURATION =
      MetadataChange.label(Keys.CONFIG_VERSION, "0123456789");

  private static NodePlan plan(PlannedTransition... transitions) {
    return NodePlan.none(
            NodePlan.Summary.of(NodePhase.WAITING).because("Test", "A gate is closed."),
            NodeMemory.NONE)
        .withBase(
            CONFIGURATION.plus(MetadataChange.removal(WARM, Set.of(Keys.WARMED_UP), Set.of())))
        .withStatus(
            StatusChange.of(
                Optional.of(
                    new NodeCondition(
                        Keys.WARMED_UP_CONDITION, "False", "Test", "", Instant.EPOCH))))
        .withTransitions(List.of(transitions));
  }

  @Test
  void configurationIsWrittenAndTheMarkStays() {
    NodePlan held =
        BrakedPlan.braked(plan(PlannedTransition.GATE_LOST, PlannedTransition.CONFIG_UPDATED), "p");
    assertEquals(CONFIGURATION, held.base());
    assertEquals(StatusChange.NONE, held.status());
    assertEquals(List.of(PlannedTransition.CONFIG_UPDATED), held.transitions());
    assertEquals(NodePhase.WARM, held.summary().phase());
    assertEquals(
        "The node keeps its mark: the brake of policy p waits for a confirmation. A gate is closed.",
        held.summary().message());
  }

  @Test
  void policyThatCleansTheNodeRemovesNothing() {
    NodePlan held =
        BrakedPlan.braked(
            plan(PlannedTransition.MARKS_REMOVED, PlannedTransition.CONFIG_UPDATED), "p");
    assertEquals(MetadataChange.NONE, held.base());
    assertEquals(StatusChange.NONE, held.status());
    assertEquals(List.of(), held.transitions());
  }
}
