// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static io.nodeqos.reconcile.Plans.applied;
import static io.nodeqos.reconcile.Plans.warm;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodePhase;
import io.nodeqos.node.NodePlan;
import io.nodeqos.node.NodePlan.Transition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Quantity;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.PolicyObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
  void aWaitingNodeGetsItsConfigurationAndSaysWhatItWaitsFor() {
    NodePlan plan = decide(FULL, node("n").taint(Keys.STARTUP_TAINT).build(), cni(false, 100), NOW);
    assertEquals(NodePhase.WAITING, plan.summary().phase());
    assertEquals(Set.of(Keys.CONFIG_VERSION), plan.metadata().setLabels().keySet());
    assertEquals(
        Set.of(Keys.CONFIG, Keys.WARMING_UP_SINCE), plan.metadata().setAnnotations().keySet());
    assertEquals(Optional.empty(), plan.metadata().taints());
    assertEquals("False", plan.status().condition().get().status());
    assertEquals("ReservedPodsNotReady", plan.status().condition().get().reason());
    assertEquals(
        "Waiting for 1 thing: pod kube-system/cni-x is not Ready.",
        plan.status().condition().get().message());
    assertEquals(Quantity.of(3700), plan.status().setResources().get("nodeqos.io/gold-cpu"));
    assertEquals(List.of(Transition.CONFIG_UPDATED, Transition.WARMUP_STARTED), plan.transitions());
  }

  @Test
  void aNodeThatCarriesEverythingIsNotWritten() {
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
  void aQuantityThatTheServerCanonicalisedIsNoDifference() {
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
                ""));
    assertTrue(decide(spec, canonical, nothing(), NOW).isConverged());
  }

  @Test
  void nothingIsWrittenBeforeTheNodeReportsCapacity() {
    NodePlan plan = decide(FULL, NodeFixture.empty("n").build(), nothing(), NOW);
    assertEquals(NodePhase.PENDING, plan.summary().phase());
    assertTrue(plan.isConverged());
  }

  @Test
  void noPolicyMeansNoWrite() {
    NodePlan plan = decide(catalog(), warm("n").build(), nothing(), NOW);
    assertEquals(NodePhase.UNMANAGED, plan.summary().phase());
    assertTrue(plan.isConverged(), "absence is never a reason to act");
  }

  @Test
  void twoPoliciesOfOnePriorityDoNotFightAndTheNodeSaysWhichOneWon() {
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
  void aSuspendedPolicyFreezesTheNode() {
    NodePlan plan =
        decide("{'suspend': true, 'warmUp': {'nodeReady': {}}}", node("n").build(), nothing(), NOW);
    assertTrue(plan.summary().freeze().isPresent());
    assertTrue(plan.isConverged());
  }

  @Test
  void aNodeKeepsTheConfigurationOfAPolicyOfWhichNoValidVersionIsKnown() {
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
  void aQosClassThatGoesAwayTakesItsResourcesAlong() {
    NodePlan plan =
        decide(
            "{'quota': {'classes': [{'name': 'a', 'advertise': {'cpu': '1'}}]}}",
            node("n").resource("nodeqos.io/old-cpu", "4k").resource("nvidia.com/gpu", "1").build(),
            nothing(),
            NOW);
    assertEquals(Set.of("nodeqos.io/old-cpu"), plan.status().removeResources());
  }

  @Test
  void aConfigurationThatIsTooLargeIsNotWritten() {
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
  void aNodeThatIsBeingDeletedIsLeftAlone() {
    assertTrue(decide(READY, node("n").deleting().build(), nothing(), NOW).isConverged());
  }
}
