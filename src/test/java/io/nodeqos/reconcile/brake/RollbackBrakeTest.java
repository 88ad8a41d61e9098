// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.reconcile.BrakeSettings;
import io.nodeqos.reconcile.plan.Plans;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the brake does in a rollout: it holds a target that takes marks, and no way back. */
class RollbackBrakeTest {
  private static final int NODES = 10;
  private static final String BEFORE = "{'warmUp': {'nodeReady': {}}}";
  private static final String AFTER = "{'warmUp': {'resources': [{'name': 'x.io/y'}]}}";

  private final FakeTime time = new FakeTime();
  private final PolicyRevision stable = PolicyFixture.revision("p", 1, BEFORE);
  private final PolicyRevision target = PolicyFixture.revision("p", 2, AFTER);
  private final PolicyCatalog policies = PolicyFixture.catalog();
  private final Brake brake =
      new Brake(
          policies,
          () -> NODES,
          () -> BrakeSettings.DEFAULT,
          new Brake.Listener() {
            @Override
            public void policyChanged(String policy) {}

            @Override
            public void freed(String node) {}
          });

  private void rollout(String phase) {
    policies.apply(stable);
    policies.apply(target);
    policies.apply(
        PolicyFixture.withStatus(
            policy("p", 2, PolicyFixture.CREATED, "{'rollout': {}, " + AFTER.substring(1)),
            json(
                "{'rollout': {'stable': '"
                    + stable.revision()
                    + "', 'stableGeneration': 1, 'target': '"
                    + target.revision()
                    + "', 'phase': '"
                    + phase
                    + "'}}")));
  }

  /** A warm node that carries a revision and is given another one. */
  private NodeView node(int number, PolicyRevision carried, PolicyRevision given) {
    String name = "n" + number;
    policies.moves().move("p", name, given.revision());
    return Plans.warm(name)
        .annotation(
            Keys.CONFIG, "{\"revisions\":{\"p\":\"" + carried.revision() + "\"},\"sources\":{}}")
        .build();
  }

  private NodePlan admit(NodeView node, PlannedTransition loss) {
    return brake.admit(node, policies.snapshot().compile(node), taking(loss), time.instant());
  }

  private static NodePlan taking(PlannedTransition loss) {
    return NodePlan.none(NodePlan.Summary.of(NodePhase.WAITING), NodeMemory.NONE)
        .withBase(MetadataChange.label(Keys.CONFIG_VERSION, "0123456789"))
        .withTransitions(List.of(loss));
  }

  @ParameterizedTest
  @EnumSource(names = {"GATE_LOST", "MARKS_REMOVED"})
  void wayBackIsNeverHeld(PlannedTransition loss) {
    rollout("RollingBack");
    for (int i = 0; i < NODES; i++) {
      assertEquals(taking(loss), admit(node(i, target, stable), loss), "node " + i);
    }
    time.advance("1M");
    brake.review("p", time.instant());
    assertEquals(List.of(), brake.episodes(), "it is no loss that an operator has to confirm");
  }

  @Test
  void targetThatTakesMarksIsHeld() {
    rollout("Progressing");
    List<NodeView> nodes =
        IntStream.range(0, NODES).mapToObj(i -> node(i, stable, target)).toList();
    nodes.forEach(node -> admit(node, PlannedTransition.GATE_LOST));
    time.advance("1M");
    for (NodeView node : nodes) {
      assertNotEquals(
          taking(PlannedTransition.GATE_LOST), admit(node, PlannedTransition.GATE_LOST));
    }
    assertEquals(NODES, brake.braked());
  }

  @Test
  void nodesThatStayOnTheStableRevisionAreHeldInARollback() {
    rollout("RollingBack");
    List<NodeView> nodes =
        IntStream.range(0, NODES).mapToObj(i -> node(i, stable, stable)).toList();
    nodes.forEach(node -> admit(node, PlannedTransition.GATE_LOST));
    time.advance("1M");
    nodes.forEach(node -> admit(node, PlannedTransition.GATE_LOST));
    assertEquals(NODES, brake.braked(), "they lose their marks for another reason");
  }

  @Test
  void wayBackFromAnotherRevisionThanTheTargetIsHeld() {
    rollout("RollingBack");
    PolicyRevision third = PolicyFixture.revision("p", 1, "{'warmUp': {'csiDrivers': []}}");
    policies.apply(third);
    List<NodeView> nodes = IntStream.range(0, NODES).mapToObj(i -> node(i, third, stable)).toList();
    nodes.forEach(node -> admit(node, PlannedTransition.GATE_LOST));
    time.advance("1M");
    nodes.forEach(node -> admit(node, PlannedTransition.GATE_LOST));
    assertEquals(NODES, brake.braked());
  }

  @Test
  void wayBackWithoutARollbackIsHeld() {
    rollout("Progressing");
    List<NodeView> nodes =
        IntStream.range(0, NODES).mapToObj(i -> node(i, target, stable)).toList();
    nodes.forEach(node -> admit(node, PlannedTransition.GATE_LOST));
    time.advance("1M");
    nodes.forEach(node -> admit(node, PlannedTransition.GATE_LOST));
    assertEquals(NODES, brake.braked());
  }
}
