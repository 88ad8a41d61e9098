// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static io.nodeqos.reconcile.Plans.applied;
import static io.nodeqos.reconcile.Plans.warm;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.MetadataChange;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodePhase;
import io.nodeqos.node.NodePlan;
import io.nodeqos.node.NodePlan.Transition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Quantity;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.Resources;
import io.nodeqos.node.Taint;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.NodePlanner.Observation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodePlannerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String READY = "{'warmUp': {'nodeReady': {}}}";
  private static final String FULL =
      """
      {'reservation': {'cpu': '500m', 'countReservedPods': true},
       'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%', 'memory': '1Gi'}}]},
       'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}
      """;

  private final NodePlanner planner = Plans.planner();
  private NodeMemory memory = NodeMemory.NONE;

  @Test
  void aWaitingNodeGetsItsConfigurationAndSaysWhatItWaitsFor() {
    NodePlan plan = decide(FULL, node("n").taint(Keys.STARTUP_TAINT).build(), cni(false, 100), NOW);
    assertEquals(NodePhase.WAITING, plan.summary().phase());
    assertEquals(Set.of(Keys.CONFIG_VERSION), plan.metadata().setLabels().keySet());
    assertEquals(Set.of(Keys.CONFIG), plan.metadata().setAnnotations().keySet());
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
    assertEquals(List.of(Transition.WARMUP_DONE), plan.transitions());
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
  void anEmptyCacheOfPodsTakesNothingFromAWarmNode() {
    NodePlan plan =
        decide(
            "{'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}",
            warm("n").build(),
            nothing(),
            NOW);
    assertEquals(NodePhase.WARM, plan.summary().phase());
    assertTrue(plan.isConverged());
  }

  @Test
  void whatCannotBeToldHoldsAndAddsNoTaint() {
    NodePlan plan =
        decide(
            "{'warmUp': {'taintNewNodes': false, 'reservedPods': [{'namespace': 'other'}]}}",
            node("n").build(),
            nothing(),
            NOW);
    assertEquals("Unknown", plan.status().condition().get().status());
    assertTrue(plan.metadata().isEmpty());
  }

  @Test
  void aSuspendedPolicyFreezesTheNode() {
    NodePlan plan =
        decide("{'suspend': true, 'warmUp': {'nodeReady': {}}}", node("n").build(), nothing(), NOW);
    assertEquals(NodePhase.FROZEN, plan.summary().phase());
    assertTrue(plan.isConverged());
  }

  @Test
  void aNodeKeepsTheConfigurationOfAPolicyThatThisProcessNeverSawValid() {
    PolicyObject other = policy("other", "{'images': [{'ref': 'a'}]}");
    NodeView node = node("n").build();
    NodeView configured =
        applied(node, decide(catalog(policy("p", FULL), other), node, cni(false, 0), NOW));
    NodePlan plan =
        decide(catalog(policy("p", "{'priority': 'x'}"), other), configured, cni(false, 0), NOW);
    assertEquals(NodePhase.FROZEN, plan.summary().phase());
    assertTrue(plan.isConverged());
  }

  @Test
  void aRestoredStartupTaintIsTakenOffAWarmNodeAgain() {
    NodePlan plan = decide(READY, warm("n").taint(Keys.STARTUP_TAINT).build(), nothing(), NOW);
    assertEquals(
        new MetadataChange(Map.of(), Set.of(), Map.of(), Set.of(), Optional.of(List.of())),
        plan.metadata());
  }

  @Test
  void aRebootVoidsTheMark() {
    NodePlan plan =
        decide(READY, warm("n").boot("boot-2").condition("Ready", "False").build(), nothing(), NOW);
    assertEquals(Set.of(Keys.WARMED_UP), plan.metadata().removeLabels());
    assertEquals(
        Set.of(Keys.WARMED_UP_FOR, Keys.WARMED_UP_AT), plan.metadata().removeAnnotations());
    assertEquals("False", plan.status().condition().get().status());
    assertTrue(plan.transitions().contains(Transition.WARMUP_LOST));
    assertEquals(Optional.empty(), plan.metadata().taints(), "its tenants are there already");
  }

  @Test
  void aNodeCreatedAgainUnderItsNameStartsAgain() {
    NodePlan plan = decide(READY, warm("n").uid("uid-2").build(), nothing(), NOW);
    assertEquals("uid-2/boot-1", plan.metadata().setAnnotations().get(Keys.WARMED_UP_FOR));
  }

  @Test
  void aCopiedLabelWithoutEvidenceIsNoMark() {
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
  void anEmptyBootIdIsNoEvidenceOfAReboot() {
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
  void aRebootTaintsANewNodeAgainAndAnOlderOneNever() {
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
  void aMarkThatIsRenewedLeavesATrueConditionAsItIs() {
    NodePlan plan = decide(READY, warm("n").boot("boot-2").build(), nothing(), NOW);
    assertEquals("uid-1/boot-2", plan.metadata().setAnnotations().get(Keys.WARMED_UP_FOR));
    assertTrue(plan.status().isEmpty(), "it says already what it should");
  }

  @Test
  void allGatesMustHaveBeenOpenForAWhileWhenThePolicySaysSo() {
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
  void theWordingOfAWaitingNodeChangesAtMostEveryTenSeconds() {
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
    assertTrue(due.status().condition().get().message().startsWith("Waiting for 2 things: "));
    assertEquals(
        NOW, due.status().condition().get().lastTransitionTime(), "the status did not change");
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
                .mapToObj(i -> "{'ref': 'example.com/" + "a".repeat(300) + ":" + i + "'}")
                .toList());
    NodePlan plan = decide("{'images': [" + images + "]}", node("n").build(), nothing(), NOW);
    assertTrue(plan.isConverged());
    assertTrue(plan.summary().message().contains("at most 16384 are allowed"));
  }

  @Test
  void aNodeThatIsBeingDeletedIsLeftAlone() {
    assertTrue(decide(READY, node("n").deleting().build(), nothing(), NOW).isConverged());
  }

  // --- the reservation is damped ---

  @Test
  void aHigherReservationIsWrittenAfterThirtySecondsAtTheEarliest() {
    NodeView node = settled(100);
    NodePlan early = decide(FULL, node, cni(true, 1000), NOW.plusSeconds(29));
    assertTrue(early.isConverged(), early.toString());
    assertEquals(Optional.of(NOW.plusSeconds(30)), early.checkAgainAt());
    NodePlan due = decide(FULL, node, cni(true, 1000), NOW.plusSeconds(30));
    assertTrue(due.metadata().setAnnotations().get(Keys.CONFIG).contains("\"cpu\":\"1500m\""));
    assertEquals(Map.of(), due.metadata().setLabels(), "like nodes share a version");
  }

  @Test
  void aLowerReservationIsWrittenAfterTenMinutesOfCalm() {
    NodeView node = settled(1000);
    Instant start = NOW.plusSeconds(100);
    assertTrue(decide(FULL, node, cni(true, 100), start).isConverged());
    assertTrue(decide(FULL, node, cni(true, 200), start.plusSeconds(300)).isConverged());
    assertTrue(
        decide(FULL, node, cni(true, 200), start.plusSeconds(899)).isConverged(),
        "a different wish starts the wait anew");
    assertFalse(decide(FULL, node, cni(true, 200), start.plusSeconds(900)).isConverged());
  }

  @Test
  void aReservationIsNotLoweredForPodsThatCannotBeSeen() {
    NodeView node = settled(1000);
    ReservedState unreadable =
        ReservedFixture.namespace("kube-system", false, List.of(), List.of());
    for (int minutes = 1; minutes < 60; minutes++) {
      assertTrue(decide(FULL, node, unreadable, NOW.plusSeconds(60L * minutes)).isConverged());
    }
  }

  @Test
  void aReservationRidesAlongWithAnotherChange() {
    NodeView tainted = node("n").taint(Keys.STARTUP_TAINT).build();
    NodeView waiting = applied(tainted, decide(FULL, tainted, cni(false, 100), NOW));
    NodePlan plan = decide(FULL, waiting, cni(true, 1000), NOW.plusSeconds(1));
    assertTrue(plan.metadata().setAnnotations().containsKey(Keys.WARMED_UP_FOR));
    assertTrue(plan.metadata().setAnnotations().get(Keys.CONFIG).contains("\"cpu\":\"1500m\""));
  }

  @Test
  void nobodyIsWrittenForTheReservationOfANodeThatStillKeepsTenantsOff() {
    NodeView tainted = node("n").taint(Keys.STARTUP_TAINT).build();
    NodeView waiting = applied(tainted, decide(FULL, tainted, cni(false, 100), NOW));
    assertTrue(decide(FULL, waiting, cni(false, 1000), NOW.plusSeconds(60)).isConverged());
  }

  private NodeView settled(long podMilli) {
    NodeView node = node("n").build();
    NodeView settled = applied(node, decide(FULL, node, cni(true, podMilli), NOW));
    memory = memory.configWritten(NOW).conditionWritten(NOW);
    return settled;
  }

  private static ReservedState cni(boolean ready, long milli) {
    return kubeSystem(
        List.of(pod("cni", ready, "Running", false, new Resources(milli, 0, 0))), List.of());
  }

  private static PolicyCatalog catalog(PolicyObject... policies) {
    return PolicyFixture.catalog(policies);
  }

  private NodePlan decide(String spec, NodeView node, ReservedState reserved, Instant now) {
    return decide(catalog(policy("p", spec)), node, reserved, now);
  }

  private NodePlan decide(
      PolicyCatalog catalog, NodeView node, ReservedState reserved, Instant now) {
    NodePlan plan =
        planner.decide(new Observation(node, reserved, memory, catalog.snapshot()), now);
    memory = plan.memory();
    return plan;
  }
}
