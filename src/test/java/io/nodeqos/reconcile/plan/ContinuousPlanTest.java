// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.namespace;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static io.nodeqos.reconcile.plan.Plans.applied;
import static io.nodeqos.reconcile.plan.Plans.warm;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.value.Taint;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a warm node loses its mark in mode Continuous, and when it does not. */
class ContinuousPlanTest extends PlannerTestCase {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String PODS =
      "{'warmUp': {'mode': 'Continuous', 'stableFor': '30s',"
          + " 'reservedPods': [{'namespace': 'kube-system'}]}}";
  private static final String RELEASED =
      "{'warmUp': {'mode': 'Continuous', 'stableFor': '30s', 'nodeReady': {},"
          + " 'resources': [{'name': 'x.io/gpu', 'timeout': '5m', 'onTimeout': 'Release'}]}}";

  @Test
  void closedGateRemovesTheMarkAndAddsTheTaintInOnePatch() {
    NodeView node = warm("n").build();
    assertTrue(decide(PODS, node, cni(true, 0), NOW).isConverged());

    NodePlan closed = decide(PODS, node, cni(false, 0), NOW);
    assertTrue(closed.isConverged(), "it may be a restart");
    assertEquals(Optional.of(NOW.plusSeconds(30)), closed.checkAgainAt());
    assertTrue(decide(PODS, node, cni(false, 0), NOW.plusSeconds(29)).isConverged());

    NodePlan lost = decide(PODS, node, cni(false, 0), NOW.plusSeconds(30));
    assertEquals(
        new MetadataChange(
            Map.of(),
            Set.of(Keys.WARMED_UP),
            Map.of(Keys.WARMING_UP_SINCE, NOW.plusSeconds(30).toString()),
            Set.of(Keys.WARMED_UP_AT),
            Optional.of(List.of(Taint.of(Keys.STARTUP_TAINT, "NoSchedule")))),
        lost.metadata());
    NodeCondition condition = lost.status().condition().get();
    assertEquals("False", condition.status());
    assertEquals("ReservedPodsNotReady", condition.reason());
    assertTrue(condition.message().contains("is not Ready"), condition.message());
    assertEquals(
        List.of(PlannedTransition.GATE_LOST, PlannedTransition.WARMUP_STARTED), lost.transitions());
    assertEquals(NodePhase.WAITING, lost.summary().phase());
  }

  @Test
  void startupTaintThatAnotherWriterRemovesOrWeakensComesBackAfterALoss() {
    NodeView node = warm("n").build();
    decide(PODS, node, cni(false, 0), NOW);
    NodeView lost = applied(node, decide(PODS, node, cni(false, 0), NOW.plusSeconds(30)));
    for (List<Taint> changed :
        List.of(List.<Taint>of(), List.of(Taint.of(Keys.STARTUP_TAINT, "PreferNoSchedule")))) {
      NodeView untainted = withTaints(lost, changed);
      assertEquals(
          MetadataChange.NONE.withTaints(
              Optional.of(List.of(Taint.of(Keys.STARTUP_TAINT, "NoSchedule")))),
          decide(PODS, untainted, cni(false, 0), NOW.plusSeconds(31)).metadata());
    }
  }

  @Test
  void nodeWhoseMarkAnotherWriterRemovesGetsNoStartupTaint() {
    NodeView node = warm("n").build();
    Map<String, String> labels = new HashMap<>(node.labels());
    labels.remove(Keys.WARMED_UP);
    NodeView unmarked =
        new NodeView(node.meta(), labels, node.annotations(), node.taints(), node.status());
    assertEquals(Optional.empty(), decide(PODS, unmarked, cni(false, 0), NOW).metadata().taints());
  }

  private static NodeView withTaints(NodeView node, List<Taint> taints) {
    return new NodeView(node.meta(), node.labels(), node.annotations(), taints, node.status());
  }

  @Test
  void unwrittenLossIsDecidedAgainAtOnce() {
    NodeView node = warm("n").build();
    decide(PODS, node, cni(false, 0), NOW);
    decide(PODS, node, cni(false, 0), NOW.plusSeconds(30));
    NodePlan again = decide(PODS, node, cni(false, 0), NOW.plusSeconds(31));
    assertTrue(again.transitions().contains(PlannedTransition.GATE_LOST));
  }

  @Test
  void lostNodeIsWarmAgainAfterStableFor() {
    NodeView node = warm("n").build();
    decide(PODS, node, cni(false, 0), NOW);
    NodeView lost = applied(node, decide(PODS, node, cni(false, 0), NOW.plusSeconds(30)));
    assertTrue(decide(PODS, lost, cni(false, 0), NOW.plusSeconds(31)).isConverged());
    NodePlan calm = decide(PODS, lost, cni(true, 0), NOW.plusSeconds(60));
    assertEquals("Stabilizing", calm.summary().reason());
    NodePlan done = decide(PODS, lost, cni(true, 0), NOW.plusSeconds(90));
    assertEquals(List.of(PlannedTransition.WARMUP_DONE), done.transitions());
    assertEquals(Optional.of(List.of()), done.metadata().taints());
    NodeView again = applied(lost, done);
    assertTrue(decide(PODS, again, cni(true, 0), NOW.plusSeconds(91)).isConverged());
  }

  @Test
  void secondWarmUpStartsWithTheLossOnAYoungNode() {
    NodeView node = warm("n").created(NOW.minusSeconds(60)).build();
    decide(PODS, node, cni(false, 0), NOW);
    NodeView lost = applied(node, decide(PODS, node, cni(false, 0), NOW.plusSeconds(30)));
    memory = NodeMemory.NONE;
    decide(PODS, lost, cni(false, 0), NOW.plusSeconds(40));
    assertEquals(NOW.plusSeconds(30), memory.warmUp().get().begin());
  }

  @Test
  void gateThatOpensInBetweenRestartsStableFor() {
    NodeView node = warm("n").build();
    decide(PODS, node, cni(false, 0), NOW);
    decide(PODS, node, cni(true, 0), NOW.plusSeconds(20));
    decide(PODS, node, cni(false, 0), NOW.plusSeconds(21));
    assertTrue(decide(PODS, node, cni(false, 0), NOW.plusSeconds(50)).isConverged());
    assertTrue(
        decide(PODS, node, cni(false, 0), NOW.plusSeconds(51))
            .transitions()
            .contains(PlannedTransition.GATE_LOST));
  }

  @Test
  void alternatelyRestartingGatesKeepTheMark() {
    String two =
        "{'warmUp': {'mode': 'Continuous', 'stableFor': '30s', 'reservedPods': ["
            + "{'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'a'}}},"
            + "{'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'b'}}}]}}";
    NodeView node = warm("n").build();
    for (int i = 0; i < 10; i++) {
      ReservedState pods =
          kubeSystem(List.of(pod("a", i % 2 == 0), pod("b", i % 2 == 1)), List.of());
      assertTrue(decide(two, node, pods, NOW.plusSeconds(20L * i)).isConverged(), "turn " + i);
    }
  }

  @Test
  void bootstrapKeepsTheMarkHoweverLongAGateIsClosed() {
    String bootstrap = PODS.replace("'mode': 'Continuous', ", "");
    NodeView node = warm("n").build();
    decide(bootstrap, node, cni(false, 0), NOW);
    assertTrue(decide(bootstrap, node, cni(false, 0), NOW.plusSeconds(86_400)).isConverged());
  }

  @Test
  void unknownEvidenceKeepsTheMark() {
    NodeView node = warm("n").build();
    List<ReservedState> silent =
        List.of(nothing(), namespace("kube-system", false, List.of(pod("cni", false)), List.of()));
    for (ReservedState state : silent) {
      decide(PODS, node, state, NOW);
      assertTrue(decide(PODS, node, state, NOW.plusSeconds(600)).isConverged());
    }
    String csi =
        "{'warmUp': {'mode': 'Continuous', 'stableFor': '0s', 'csiDrivers': [{'name': 'd'}]}}";
    ReservedState unknown = new ReservedState(Map.of(), Optional.empty());
    assertTrue(decide(csi, node, unknown, NOW).isConverged());
    assertTrue(
        decide(csi, node, nothing(), NOW).transitions().contains(PlannedTransition.GATE_LOST));
    String images =
        "{'images': [{'ref': 'a'}],"
            + " 'warmUp': {'mode': 'Continuous', 'stableFor': '0s', 'images': {}}}";
    assertEquals(
        List.of(PlannedTransition.CONFIG_UPDATED),
        decide(images, node, nothing(), NOW).transitions());
  }

  /** Unknown and absent: the kubelet is silent, so nothing that is said of the node is new. */
  @ParameterizedTest(name = "Ready={0}: loses {1}")
  @CsvSource({"True, false", "False, true", "Unknown, false", "'', false"})
  void onlyAReportedNotReadyLosesTheMark(String ready, boolean loses) {
    String spec = "{'warmUp': {'mode': 'Continuous', 'stableFor': '0s', 'nodeReady': {}}}";
    NodeFixture node = warm("n");
    NodePlan plan = decide(spec, ready(node, ready), nothing(), NOW);
    assertEquals(loses, plan.transitions().contains(PlannedTransition.GATE_LOST));
  }

  @Test
  void podsOfAnUnreachableNodeAreNoEvidence() {
    NodeView silent = warm("n").condition("Ready", "Unknown").build();
    decide(PODS, silent, cni(false, 0), NOW);
    assertTrue(decide(PODS, silent, cni(false, 0), NOW.plusSeconds(600)).isConverged());
    NodeView back = warm("n").build();
    assertTrue(
        decide(PODS, back, cni(false, 0), NOW.plusSeconds(601)).isConverged(),
        "the time of silence does not count");
  }

  @Test
  void stableForIsHalfAMinuteByDefault() {
    String spec = PODS.replace("'stableFor': '30s', ", "");
    assertTrue(!spec.contains("stableFor"));
    NodePlan closed = decide(spec, warm("n").build(), cni(false, 0), NOW);
    assertEquals(Optional.of(NOW.plusSeconds(30)), closed.checkAgainAt());
  }

  @Test
  void releasedGateCountsOnceItHasBeenOpen() {
    NodeView node = releasedNode().build();
    decide(RELEASED, node, nothing(), NOW);
    assertTrue(
        decide(RELEASED, node, nothing(), NOW.plusSeconds(3_600)).isConverged(),
        "it was closed when the node became warm");
    memory = NodeMemory.NONE;
    assertTrue(
        decide(RELEASED, node, nothing(), NOW.plusSeconds(7_200)).isConverged(),
        "the next leader knows as well");

    NodePlan open =
        decide(RELEASED, releasedNode().resource("x.io/gpu", "1").build(), nothing(), NOW);
    assertEquals("All gates are open.", open.status().condition().get().message());
    assertEquals(MetadataChange.NONE, open.metadata());
    NodeView counted = applied(node, open);
    decide(RELEASED, counted, nothing(), NOW.plusSeconds(7_300));
    NodePlan lost = decide(RELEASED, counted, nothing(), NOW.plusSeconds(7_330));
    assertTrue(lost.transitions().contains(PlannedTransition.GATE_LOST));
    assertEquals(
        Optional.of(NOW.plusSeconds(7_330 + 300)),
        lost.checkAgainAt(),
        "its timeout counts from the loss");
    NodeView waits = applied(counted, lost);
    decide(RELEASED, waits, nothing(), NOW.plusSeconds(7_630));
    NodePlan released = decide(RELEASED, waits, nothing(), NOW.plusSeconds(7_660));
    assertTrue(released.transitions().contains(PlannedTransition.WARMUP_TIMED_OUT));
    NodeView warmAgain = applied(waits, released);
    decide(RELEASED, warmAgain, nothing(), NOW.plusSeconds(7_661));
    assertTrue(
        decide(RELEASED, warmAgain, nothing(), NOW.plusSeconds(20_000)).isConverged(),
        "no ping-pong");
  }

  @Test
  void reservationIsNotWrittenWithALossThatMayBeBraked() {
    String spec =
        "{'reservation': {'cpu': '100m', 'countReservedPods': true}, 'warmUp': {'mode':"
            + " 'Continuous', 'stableFor': '0s', 'reservedPods': [{'namespace': 'kube-system'}]}}";
    NodeView node = warm("n").build();
    node = applied(node, decide(spec, node, cni(true, 1_000), NOW));
    memory = memory.configWritten(NOW);
    NodePlan lost = decide(spec, node, cni(false, 3_000), NOW.plusSeconds(1));
    assertTrue(lost.transitions().contains(PlannedTransition.GATE_LOST));
    assertEquals(Set.of(Keys.WARMING_UP_SINCE), lost.metadata().setAnnotations().keySet());
  }

  private static NodeFixture releasedNode() {
    return warm("n")
        .condition(
            new NodeCondition(
                Keys.WARMED_UP_CONDITION,
                "True",
                "WarmedUp",
                "Released after their timeout: resource x.io/gpu.",
                NodeFixture.CREATED));
  }

  private static NodeView ready(NodeFixture node, String status) {
    NodeView built = node.condition("Ready", status).build();
    if (!status.isEmpty()) {
      return built;
    }
    NodeView.Status s = built.status();
    return new NodeView(
        built.meta(),
        built.labels(),
        built.annotations(),
        built.taints(),
        new NodeView.Status(
            s.capacity(),
            s.allocatable(),
            Map.of(Keys.WARMED_UP_CONDITION, s.conditions().get(Keys.WARMED_UP_CONDITION)),
            s.images(),
            s.bootId(),
            s.software()));
  }
}
