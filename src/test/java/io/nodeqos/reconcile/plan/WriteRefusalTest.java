// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import io.nodeqos.reconcile.WriteResult.Rejected;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The condition of a node whose patch the API server refuses. */
class WriteRefusalTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final WriteRefusal REFUSAL =
      WriteRefusal.of(
          MetadataChange.label(Keys.WARMED_UP, "true"), new Rejected(403, "webhook denied it"));
  private static final String TOLD =
      "All gates are open. The API server refuses to change label nodeqos.io/warmed-up: 403 webhook"
          + " denied it";

  @Test
  void refusalNamesAllThatThePatchWasToChange() {
    Rejected why = new Rejected(422, "no");
    MetadataChange change =
        new MetadataChange(
            Map.of("b", "1"),
            Set.of("a"),
            Map.of("d", "1"),
            Set.of("c"),
            Optional.of(List.of(Taint.of("t", "NoSchedule"))));
    assertEquals(
        "label a, label b, annotation c, annotation d, the taints",
        WriteRefusal.of(change, why).what());
    assertEquals(
        "resource x, resource y",
        WriteRefusal.of(
                new StatusChange(Optional.empty(), Map.of("y", Quantity.of(1)), Set.of("x")), why)
            .what());
  }

  @Test
  void messageLosesItsRefusal() {
    assertEquals("All gates are open.", WriteRefusal.without(TOLD));
    assertEquals("All gates are open.", WriteRefusal.without("All gates are open."));
    String refusalAlone = "The API server refuses to change label a: 403 no";
    assertEquals("", WriteRefusal.without(refusalAlone));
  }

  @ParameterizedTest
  @EnumSource(NodePhase.class)
  void onlyNodesThatWaitOrAreWarmAreTold(NodePhase phase) {
    boolean isTold = phase == NodePhase.WARM || phase == NodePhase.WAITING;
    Optional<NodeCondition> condition = condition(node("n").build(), phase, Optional.empty());
    assertEquals(
        isTold ? Optional.of(TOLD) : Optional.empty(), condition.map(NodeCondition::message));
  }

  @Test
  void markThatIsNotThereIsNotReportedAsTrue() {
    assertEquals("False", status(node("n").build(), NodePhase.WARM));
    assertEquals("False", status(node("n").build(), NodePhase.WAITING));
    NodeView marked =
        node("n")
            .label(Keys.WARMED_UP, "true")
            .annotation(Keys.WARMED_UP_FOR, "uid-1/boot-1")
            .build();
    assertEquals("True", status(marked, NodePhase.WARM));
    assertEquals("False", status(marked, NodePhase.WAITING));
  }

  @Test
  void statusOfThePlanStaysWhereItIsNotTrue() {
    NodeCondition unknown = saying("Unknown", "UnknownReason", "");
    assertEquals(
        "Unknown",
        REFUSAL
            .condition(
                node("n").build(),
                plan(NodePhase.WAITING)
                    .withStatus(new StatusChange(Optional.of(unknown), Map.of(), Set.of())),
                Optional.empty(),
                NOW,
                NOW)
            .map(NodeCondition::status)
            .orElseThrow());
  }

  @Test
  void refusalIsToldOnce() {
    String code = Reason.WRITE_REFUSED.code();
    assertEquals(Optional.empty(), told(saying("False", code, TOLD)));
    assertEquals(
        Optional.empty(),
        told(
            saying("False", code, TOLD.replace("denied it", "denied it, id 17")),
            "denied it, id 18"),
        "only a number differs");
    String other = TOLD.replace("denied", "refused");
    assertEquals(Optional.of(TOLD), told(saying("False", code, other)));
    assertEquals(Optional.of(TOLD), told(saying("Unknown", code, TOLD)), "another status");
    assertEquals(Optional.of(TOLD), told(saying("False", "GatesClosed", TOLD)), "another reason");
  }

  @Test
  void anotherWordingWaitsTenSeconds() {
    NodeView node =
        node("n")
            .condition(saying("False", Reason.WRITE_REFUSED.code(), TOLD.replace("All", "No")))
            .build();
    assertEquals(
        Optional.empty(), condition(node, NodePhase.WAITING, Optional.of(NOW.minusMillis(9999))));
    assertEquals(
        Optional.of(TOLD),
        condition(node, NodePhase.WAITING, Optional.of(NOW.minusSeconds(10)))
            .map(NodeCondition::message));
  }

  private static Optional<String> told(NodeCondition present) {
    return told(present, "denied it");
  }

  private static Optional<String> told(NodeCondition present, String why) {
    return WriteRefusal.of(
            MetadataChange.label(Keys.WARMED_UP, "true"), new Rejected(403, "webhook " + why))
        .condition(
            node("n").condition(present).build(),
            plan(NodePhase.WAITING),
            Optional.empty(),
            NOW,
            NOW)
        .map(NodeCondition::message);
  }

  private static String status(NodeView node, NodePhase phase) {
    return condition(node, phase, Optional.empty()).orElseThrow().status();
  }

  private static Optional<NodeCondition> condition(
      NodeView node, NodePhase phase, Optional<Instant> wordingSince) {
    return REFUSAL.condition(node, plan(phase), wordingSince, NOW, NOW);
  }

  private static NodePlan plan(NodePhase phase) {
    return NodePlan.none(
        Summary.of(phase).because("WarmedUp", "All gates are open."), NodeMemory.NONE);
  }

  private static NodeCondition saying(String status, String reason, String message) {
    return new NodeCondition(Keys.WARMED_UP_CONDITION, status, reason, message, NOW);
  }
}
