// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static io.nodeqos.reconcile.plan.Plans.applied;
import static io.nodeqos.reconcile.plan.Plans.warm;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.value.Taint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a node gets, keeps and loses its taint, its mark and its condition. */
class WarmUpPlanTest extends PlannerTestCase {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String READY = "{'warmUp': {'nodeReady': {}}}";

  @Test
  void restoredStartupTaintOfAWarmNodeIsRemovedAgain() {
    NodePlan plan = decide(READY, warm("n").taint(Keys.STARTUP_TAINT).build(), nothing(), NOW);
    assertEquals(
        new MetadataChange(Map.of(), Set.of(), Map.of(), Set.of(), Optional.of(List.of())),
        plan.metadata());
  }

  @Test
  void recordOfAWarmUpOnAWarmNodeIsOfAnotherWriterAndGoes() {
    NodePlan plan =
        decide(
            READY,
            warm("n")
                .annotation(Keys.WARMING_UP_SINCE, "garbage")
                .annotation(Keys.WARMING_UP_FOR, "garbage")
                .build(),
            nothing(),
            NOW);
    assertEquals(
        new MetadataChange(
            Map.of(),
            Set.of(),
            Map.of(),
            Set.of(Keys.WARMING_UP_SINCE, Keys.WARMING_UP_FOR),
            Optional.empty()),
        plan.metadata());
  }

  @Test
  void rebootVoidsTheMark() {
    NodePlan plan =
        decide(READY, warm("n").boot("boot-2").condition("Ready", "False").build(), nothing(), NOW);
    assertEquals(Set.of(Keys.WARMED_UP), plan.metadata().removeLabels());
    assertEquals(
        Set.of(Keys.WARMED_UP_FOR, Keys.WARMED_UP_AT), plan.metadata().removeAnnotations());
    assertEquals("False", plan.status().condition().get().status());
    assertTrue(plan.transitions().contains(PlannedTransition.WARMUP_LOST));
    assertEquals(Optional.empty(), plan.metadata().taints(), "its tenants are there already");
  }

  @Test
  void nodeCreatedAgainUnderItsNameRestartsTheWarmUp() {
    NodePlan plan = decide(READY, warm("n").uid("uid-2").build(), nothing(), NOW);
    assertEquals("uid-2/boot-1", plan.metadata().setAnnotations().get(Keys.WARMED_UP_FOR));
  }

  @Test
  void copiedLabelWithoutEvidenceIsNoMark() {
    NodePlan plan =
        decide(
            READY,
            node("n")
                .label(Keys.WARMED_UP, "true")
                .taint(Keys.STARTUP_TAINT)
                .condition("Ready", "False")
                .build(),
            nothing(),
            NOW);
    assertEquals(NodePhase.WAITING, plan.summary().phase());
    assertEquals(Set.of(Keys.WARMED_UP), plan.metadata().removeLabels());
  }

  @Test
  void emptyBootIdIsNoEvidenceOfAReboot() {
    assertTrue(decide(READY, warm("n").boot("").build(), nothing(), NOW).isConverged());
  }

  @Test
  void onlyNewNodesAreTainted() {
    String spec = "{'warmUp': {'taintNewNodes': true, 'nodeReady': {}}}";
    NodeFixture notReady = node("n").condition("Ready", "False");
    Instant after = PolicyFixture.CREATED.plusSeconds(1);
    assertEquals(
        Optional.of(List.of(Taint.of(Keys.STARTUP_TAINT, "NoSchedule"))),
        decide(spec, notReady.created(after).build(), nothing(), NOW).metadata().taints());
    assertEquals(
        Optional.empty(),
        decide(
                spec,
                notReady.created(PolicyFixture.CREATED.minusSeconds(1)).build(),
                nothing(),
                NOW)
            .metadata()
            .taints(),
        "an older node has tenants already");
  }

  @Test
  void rebootTaintsOnlyANewNodeAgain() {
    String spec = "{'warmUp': {'taintNewNodes': true, 'nodeReady': {}}}";
    NodeFixture rebooted = warm("n").boot("boot-2").condition("Ready", "False");
    MetadataChange older = decide(spec, rebooted.build(), nothing(), NOW).metadata();
    assertEquals(Set.of(Keys.WARMED_UP), older.removeLabels());
    assertEquals(Optional.empty(), older.taints(), "it had tenants before the policy was made");
    MetadataChange young =
        decide(spec, rebooted.created(PolicyFixture.CREATED.plusSeconds(1)).build(), nothing(), NOW)
            .metadata();
    assertEquals(Set.of(Keys.WARMED_UP), young.removeLabels());
    assertEquals(
        Optional.of(List.of(Taint.of(Keys.STARTUP_TAINT, "NoSchedule"))),
        young.taints(),
        "in the same patch");
  }

  @Test
  void renewedMarkKeepsATrueCondition() {
    NodePlan plan = decide(READY, warm("n").boot("boot-2").build(), nothing(), NOW);
    assertEquals("uid-1/boot-2", plan.metadata().setAnnotations().get(Keys.WARMED_UP_FOR));
    assertTrue(plan.status().isEmpty(), "its message is already right");
  }

  @Test
  void nodeIsWarmOnceAllGatesStayedOpenForStableFor() {
    String spec = "{'warmUp': {'nodeReady': {}, 'stableFor': '30s'}}";
    NodeView node = node("n").taint(Keys.STARTUP_TAINT).build();
    NodePlan first = decide(spec, node, nothing(), NOW);
    assertEquals("Stabilizing", first.summary().reason());
    assertEquals(Optional.of(NOW.plusSeconds(30)), first.checkAgainAt());
    assertEquals(
        NodePhase.WAITING, decide(spec, node, nothing(), NOW.plusSeconds(29)).summary().phase());
    NodeView flapped = node("n").condition("Ready", "False").build();
    decide(spec, flapped, nothing(), NOW.plusSeconds(30));
    assertEquals(
        NodePhase.WAITING,
        decide(spec, node, nothing(), NOW.plusSeconds(31)).summary().phase(),
        "closing in between starts the wait again");
    assertEquals(
        NodePhase.WARM, decide(spec, node, nothing(), NOW.plusSeconds(61)).summary().phase());
  }

  @Test
  void messageOfAWaitingNodeChangesAtMostEveryTenSeconds() {
    String spec = "{'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}";
    NodeView node = node("n").build();
    NodePlan first = decide(spec, node, cni(false, 0), NOW);
    node = applied(node, first);
    memory = memory.conditionWritten(NOW);
    ReservedState two = kubeSystem(List.of(pod("cni", false), pod("csi", false)), List.of());
    NodePlan early = decide(spec, node, two, NOW.plusSeconds(9));
    assertTrue(early.isConverged());
    assertEquals(Optional.of(NOW.plusSeconds(10)), early.checkAgainAt());
    NodePlan due = decide(spec, node, two, NOW.plusSeconds(10));
    assertTrue(due.status().condition().get().message().startsWith("The warm-up has 2 blockers: "));
    assertEquals(
        NOW, due.status().condition().get().lastTransitionTime(), "the status did not change");
  }

  @Test
  void markAndTaintChangeInOnePatch() {
    Taint foreign = new Taint("example.com/maintenance", "", "NoExecute", "{'key':'x','new':1}");
    NodePlan plan =
        decide(READY, node("n").taint(foreign).taint(Keys.STARTUP_TAINT).build(), nothing(), NOW);
    assertEquals(NodePhase.WARM, plan.summary().phase());
    assertEquals("true", plan.metadata().setLabels().get(Keys.WARMED_UP));
    assertEquals(
        Map.of(Keys.WARMED_UP_FOR, "uid-1/boot-1", Keys.WARMED_UP_AT, NOW.toString()),
        plan.metadata().setAnnotations());
    assertEquals(Optional.of(List.of(foreign)), plan.metadata().taints(), "not ours to lose");
    assertTrue(plan.status().condition().get().isTrue());
    assertEquals(List.of(PlannedTransition.WARMUP_DONE), plan.transitions());
  }

  @Test
  void unknownGateStaysClosedAndAddsNoTaint() {
    NodePlan plan =
        decide(
            "{'warmUp': {'taintNewNodes': false, 'reservedPods': [{'namespace': 'other'}]}}",
            node("n").build(),
            nothing(),
            NOW);
    assertEquals("Unknown", plan.status().condition().get().status());
    assertEquals(Optional.empty(), plan.metadata().taints());
  }

  @Test
  void emptyPodCacheKeepsAWarmNodeUnchanged() {
    NodePlan plan =
        decide(
            "{'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}",
            warm("n").build(),
            nothing(),
            NOW);
    assertEquals(NodePhase.WARM, plan.summary().phase());
    assertTrue(plan.isConverged());
  }
}
