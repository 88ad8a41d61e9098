// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static io.nodeqos.reconcile.plan.Plans.applied;
import static io.nodeqos.reconcile.plan.Plans.warm;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.PolicyObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NodePlannerTest extends PlannerTestCase {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String READY = "{'warmUp': {'nodeReady': {}}}";
  private static final String FULL =
      """
      {'reservation': {'cpu': '500m', 'countReservedPods': true},
       'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%', 'memory': '1Gi'}}]},
       'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}
      """;

  @Test
  void waitingNodeGetsItsConfigurationAndNamesItsBlockers() {
    NodePlan plan = decide(FULL, node("n").taint(Keys.STARTUP_TAINT).build(), cni(false, 100), NOW);
    assertEquals(NodePhase.WAITING, plan.summary().phase());
    assertEquals(Set.of(Keys.CONFIG_VERSION), plan.metadata().setLabels().keySet());
    assertEquals(
        Set.of(Keys.CONFIG, Keys.WARMING_UP_SINCE, Keys.WARMING_UP_FOR),
        plan.metadata().setAnnotations().keySet());
    assertEquals(Optional.empty(), plan.metadata().taints());
    assertEquals("False", plan.status().condition().get().status());
    assertEquals("ReservedPodsNotReady", plan.status().condition().get().reason());
    assertEquals(
        "The warm-up has 1 blocker: pod kube-system/cni-x is not Ready.",
        plan.status().condition().get().message());
    assertEquals(Quantity.of(3700), plan.status().setResources().get("nodeqos.io/gold-cpu"));
    assertEquals(
        List.of(PlannedTransition.CONFIG_UPDATED, PlannedTransition.WARMUP_STARTED),
        plan.transitions());
  }

  @Test
  void convergedNodeIsNotWritten() {
    NodeView node = node("n").taint(Keys.STARTUP_TAINT).build();
    for (boolean ready : new boolean[] {false, true}) {
      NodePlan plan = decide(FULL, node, cni(ready, 100), NOW);
      assertFalse(plan.isConverged());
      node = applied(node, plan);
    }
    NodePlan settled = decide(FULL, node, cni(true, 100), NOW.plusSeconds(3600));
    assertTrue(settled.isConverged(), settled.toString());
    assertEquals(Optional.empty(), settled.checkAgainAt());
  }

  @Test
  void canonicalQuantityOfTheServerIsNoDifference() {
    String spec = "{'quota': {'classes': [{'name': 'a', 'advertise': {'cpu': '4'}}]}}";
    NodeView node = node("n").build();
    node = applied(node, decide(spec, node, nothing(), NOW));
    NodeView canonical =
        new NodeView(
            node.meta(),
            node.labels(),
            node.annotations(),
            node.taints(),
            new NodeView.Status(
                Map.of(
                    "cpu", Quantity.parse("8"),
                    "memory", Quantity.parse("32Gi"),
                    "nodeqos.io/a-cpu", Quantity.parse("4k")),
                Map.of("nodeqos.io/a-cpu", Quantity.parse("4k")),
                Map.of(),
                Set.of(),
                "",
                NodeView.Software.UNKNOWN));
    assertTrue(decide(spec, canonical, nothing(), NOW).isConverged());
  }

  static Stream<NodeFixture> nodesWithoutCapacity() {
    return Stream.of(
        NodeFixture.empty("n"),
        NodeFixture.empty("n").resource("cpu", "8"),
        node("n").resource("cpu", "0").resource("memory", "0"),
        node("n").resource("cpu", "0"),
        node("n").resource("memory", "0"),
        node("n").resource("memory", "-1Gi"));
  }

  @ParameterizedTest
  @MethodSource("nodesWithoutCapacity")
  void nodeWithoutCapacityGetsOnlyTheConditionWithTheReason(NodeFixture fixture) {
    NodeView node = fixture.taint(Keys.STARTUP_TAINT).created(NOW.minusSeconds(1)).build();
    NodePlan first = decide(FULL, node, nothing(), NOW);
    assertTrue(first.isConverged(), "its kubelet may be about to post the status: " + first);
    Instant later = first.checkAgainAt().orElseThrow();
    assertEquals(NOW.plusSeconds(10), later);
    NodePlan plan = decide(FULL, node, nothing(), later);
    assertEquals(NodePhase.PENDING, plan.summary().phase());
    assertTrue(plan.metadata().isEmpty());
    assertEquals(Map.of(), plan.status().setResources());
    NodeCondition said = plan.status().condition().orElseThrow();
    assertEquals("False", said.status());
    assertEquals("NoCapacity", said.reason());
    assertEquals("The node reports no CPU and memory capacity.", said.message());
    assertTrue(decide(FULL, applied(node, plan), nothing(), later).isConverged(), "once");
  }

  @ParameterizedTest
  @MethodSource("nodesWithoutCapacity")
  void warmNodeWithoutCapacityKeepsItsConfiguration(NodeFixture fixture) {
    String spec =
        "{'quota': {'classes': [{'name': 'a', 'memory': {'max': '50%'}, 'advertise': {'cpu':"
            + " '50%'}}]}, 'warmUp': {'nodeReady': {}}}";
    NodeView warm = applied(node("n").build(), decide(spec, node("n").build(), nothing(), NOW));
    NodeView without =
        new NodeView(
            warm.meta(), warm.labels(), warm.annotations(), List.of(), fixture.build().status());
    assertEquals("true", without.labels().get(Keys.WARMED_UP));
    NodePlan plan = decide(spec, without, nothing(), NOW);
    assertTrue(plan.isConverged(), plan.toString());
    assertEquals("The node reports no CPU and memory capacity.", plan.summary().message());
  }

  /** Of a node with 8 cores, 32Gi memory and 100Gi ephemeral storage. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'memory': '32Gi' | the reservation of 32Gi memory leaves nothing of the node's 32Gi",
        "'memory': '40Gi' | the reservation of 40Gi memory leaves nothing of the node's 32Gi",
        "'memory': '100%' | the reservation of 32Gi memory leaves nothing of the node's 32Gi",
        "'cpu': '7.99' | the reservation of 8 cpu leaves nothing of the node's 8",
        "'cpu': '10' | the reservation of 10 cpu leaves nothing of the node's 8",
        "'ephemeralStorage': '1Ti'"
            + " | the reservation of 1Ti ephemeral-storage leaves nothing of the node's 100Gi",
      })
  void reservationOfTheWholeNodeIsRefused(String reservation, String why) {
    String spec =
        "{'reservation': {%s}, 'quota': {'classes': [{'name': 'a', 'memory': {'max': '50%%'}}]},"
            + " 'warmUp': {'nodeReady': {}}}";
    NodeView node = node("n").taint(Keys.STARTUP_TAINT).build();
    NodePlan plan = decide(spec.formatted(reservation), node, nothing(), NOW);
    String sentence = "The node is not configured: " + why + ".";
    assertFalse(plan.metadata().setAnnotations().containsKey(Keys.CONFIG));
    assertFalse(plan.metadata().setLabels().containsKey(Keys.CONFIG_VERSION));
    assertEquals(Map.of(), plan.status().setResources());
    assertEquals(NodePhase.WAITING, plan.summary().phase(), "no tenant comes");
    assertTrue(plan.metadata().taints().isEmpty());
    assertEquals("NotConfigured", plan.status().condition().orElseThrow().reason());
    assertEquals(sentence, plan.status().condition().orElseThrow().message());

    NodeView warm = applied(node, decide(spec.formatted("'cpu': '1'"), node, nothing(), NOW));
    NodePlan kept = decide(spec.formatted(reservation), warm, nothing(), NOW);
    assertTrue(kept.isConverged(), "a warm node keeps its configuration");
    assertEquals(sentence, kept.summary().message());

    NodePlan unwarmed = decide("{'reservation': {" + reservation + "}}", node, nothing(), NOW);
    assertTrue(unwarmed.isConverged());
    assertEquals(NodePhase.PENDING, unwarmed.summary().phase(), "it does not count as configured");
    assertEquals(sentence, unwarmed.summary().message());
  }

  @Test
  void quotaIsRefusedForANodeWithNothingAllocatable() {
    NodePlan plan =
        decide(
            "{'quota': {'classes': [{'name': 'a', 'cpu': {'max': '80%'}}]}}",
            node("n").allocatable("cpu", "0").build(), nothing(), NOW);
    assertTrue(plan.isConverged());
    assertEquals(
        "The node is not configured: the node has no allocatable cpu.", plan.summary().message());
  }

  @Test
  void shrunkenNodeGetsTheSmallerReservationAtOnce() {
    String spec =
        "{'reservation': {'memory': '25%'}, 'quota': {'classes': [{'name': 'a', 'memory': {'max':"
            + " '50%'}}]}, 'warmUp': {'nodeReady': {}}}";
    NodeView large = node("n").build();
    NodeView warm = applied(large, decide(spec, large, nothing(), NOW));
    NodeView small =
        new NodeView(
            warm.meta(),
            warm.labels(),
            warm.annotations(),
            warm.taints(),
            node("n").resource("memory", "4Gi").build().status());
    NodePlan plan = decide(spec, small, nothing(), NOW);
    assertTrue(
        plan.metadata().setAnnotations().get(Keys.CONFIG).contains("\"memory\":\"1Gi\""),
        plan.toString());
  }

  @Test
  void noPolicyMeansNoWrite() {
    NodePlan plan = decide(catalog(), warm("n").build(), nothing(), NOW);
    assertEquals(NodePhase.UNMANAGED, plan.summary().phase());
    assertTrue(plan.isConverged(), "absence is never a reason to act");
  }

  @Test
  void twoPoliciesOfEqualPriorityDoNotFightAndTheNodeNamesTheWinner() {
    PolicyObject b =
        policy("b", 1, NOW.minusSeconds(50), "{'quota': {'classes': [{'name': 'from-b'}]}}");
    PolicyObject a =
        policy("a", 1, NOW.minusSeconds(20), "{'quota': {'classes': [{'name': 'from-a'}]}}");
    NodeView node = node("n").build();
    node = applied(node, decide(catalog(a, b), node, nothing(), NOW));
    String annotation = node.annotations().get(Keys.CONFIG);
    assertTrue(annotation.contains("from-b"), annotation);
    assertEquals(Set.of("b"), ConfigAnnotation.sources(annotation), "the older one");
    for (int i = 0; i < 4; i++) {
      PolicyObject touched = policy("a", 2 + i, a.meta().createdAt(), a.spec().toString());
      assertTrue(
          decide(
                  i % 2 == 0 ? catalog(touched, b) : catalog(b, touched),
                  node,
                  nothing(),
                  NOW.plusSeconds(60L * i))
              .isConverged());
    }
  }

  @Test
  void suspendedPolicyFreezesTheNode() {
    NodePlan plan =
        decide("{'suspend': true, 'warmUp': {'nodeReady': {}}}", node("n").build(), nothing(), NOW);
    assertTrue(plan.summary().freeze().isPresent());
    assertTrue(plan.isConverged());
  }

  @Test
  void nodeKeepsTheConfigurationOfAPolicyWithoutAKnownValidVersion() {
    PolicyObject other = policy("other", "{'images': [{'ref': 'a'}]}");
    NodeView node = node("n").build();
    NodeView configured =
        applied(node, decide(catalog(policy("p", FULL), other), node, cni(false, 0), NOW));
    NodePlan plan =
        decide(catalog(policy("p", "{'priority': 'x'}"), other), configured, cni(false, 0), NOW);
    assertFalse(plan.summary().freeze().isPresent(), "the other policy goes on");
    assertEquals(NodePhase.CONFIGURED, plan.summary().phase());
    assertTrue(plan.isConverged());
  }

  @Test
  void removedQosClassLosesItsResources() {
    NodePlan plan =
        decide(
            "{'quota': {'classes': [{'name': 'a', 'advertise': {'cpu': '1'}}]}}",
            node("n").resource("nodeqos.io/old-cpu", "4k").resource("nvidia.com/gpu", "1").build(),
            nothing(),
            NOW);
    assertEquals(Set.of("nodeqos.io/old-cpu"), plan.status().removeResources());
  }

  @Test
  void configurationThatIsTooLargeIsNotWritten() {
    String images =
        String.join(
            ",",
            IntStream.range(0, 64)
                .mapToObj(i -> "{'ref': 'example.com/" + "a".repeat(240) + ":" + i + "'}")
                .toList());
    NodePlan plan = decide("{'images': [" + images + "]}", node("n").build(), nothing(), NOW);
    assertTrue(plan.isConverged());
    assertTrue(plan.summary().message().contains("at most 16384 are allowed"));
  }

  @Test
  void nodeBeingDeletedIsNotWritten() {
    assertTrue(decide(READY, node("n").deleting().build(), nothing(), NOW).isConverged());
  }
}
