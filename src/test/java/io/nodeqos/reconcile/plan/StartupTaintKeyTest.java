// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.deleting;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.revision;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.value.Taint;
import io.nodeqos.node.value.Toleration;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.World;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Startup taints of a key that is not the one of now. */
class StartupTaintKeyTest extends PlannerTestCase {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String OLD = "startup-taint.cluster-autoscaler.kubernetes.io/old";
  private static final String NEW = "nodeqos.io/new";
  private static final String FOREIGN = "startup-taint.cluster-autoscaler.kubernetes.io/theirs";

  private static String spec(String key, String more) {
    return "{"
        + more
        + "'warmUp': {'taintKey': '"
        + key
        + "', 'reservedPods': [{'namespace': 'kube-system'}]}}";
  }

  private static PolicyObject p(long generation, String spec) {
    return policy("p", generation, CREATED, spec);
  }

  private static NodeFixture joined() {
    return node("n").label("pool", "x").taint(FOREIGN).taint(OLD);
  }

  private static List<String> keys(NodeView node) {
    return node.taints().stream().map(Taint::key).toList();
  }

  private NodeView next(PolicyCatalog policies, NodeView node, boolean ready) {
    return Plans.applied(node, decide(policies, node, cni(ready, 0), NOW));
  }

  /** It waits behind the new taint and nothing but it, then it is warm without any. */
  private void guardedThenWarm(PolicyCatalog policies, NodeView joined) {
    NodeMemory before = memory;
    NodePlan plan = decide(policies, joined, cni(false, 0), NOW);
    NodeView waiting = Plans.applied(joined, plan);
    assertEquals(List.of(FOREIGN, NEW), keys(waiting), "in one patch, never without a taint");
    assertEquals(List.of(), plan.summary().orphanTaints());
    assertTrue(decide(policies, waiting, cni(false, 0), NOW).isConverged());
    NodeView warm = next(policies, waiting, true);
    assertEquals(List.of(FOREIGN), keys(warm));
    assertTrue(decide(policies, warm, cni(true, 0), NOW).isConverged());

    memory = before;
    NodeView atOnce = next(policies, joined, true);
    assertEquals(List.of(FOREIGN), keys(atOnce), "a node that is fit is warm in one patch");
  }

  @Test
  void keyChangedDuringAWarmUpLeavesNoTaintBehind() {
    PolicyCatalog policies = catalog(p(1, spec(OLD, "")));
    NodeView waiting = next(policies, joined().build(), false);
    assertEquals(List.of(FOREIGN, OLD), keys(waiting));
    policies.apply(p(2, spec(NEW, "")));
    policies.apply(p(3, spec(NEW, "'priority': 1, ")));
    guardedThenWarm(policies, waiting);
  }

  @Test
  void newProcessKnowsTheFormerKeyByTheRevision() {
    PolicyCatalog policies = catalog(p(2, spec(NEW, "")));
    policies.apply(revision("p", 1, spec(OLD, "")));
    guardedThenWarm(policies, joined().build());
  }

  @Test
  void warmNodeLosesAFormerTaint() {
    PolicyCatalog policies = catalog(p(1, spec(NEW, "")));
    NodeView warm = next(policies, joined().build(), true);
    assertEquals(List.of(FOREIGN, OLD), keys(warm), "no policy has named it");
    PolicyCatalog restarted = catalog(p(2, spec(NEW, "")));
    restarted.apply(revision("p", 1, spec(OLD, "")));
    assertEquals(List.of(FOREIGN), keys(next(restarted, warm, true)));
  }

  @Test
  void newPolicyTakesTheTaintOverWhileTheFormerStillSelectsTheNode() {
    PolicyCatalog policies =
        catalog(p(1, spec(OLD, "")), policy("q", spec(NEW, "'priority': 9, ")));
    guardedThenWarm(policies, joined().build());
  }

  @Test
  void newPolicyTakesTheTaintOverFromADeletedPolicy() {
    NodeView waiting = next(catalog(p(1, spec(OLD, ""))), joined().build(), false);
    NodeView alone = next(catalog(), waiting, false);
    assertEquals(List.of(FOREIGN, OLD), keys(alone), "absence is no reason to act");
    NodeView rebooted = Plans.rebooted(alone, "boot-2", NOW);
    guardedThenWarm(catalog(policy("q", spec(NEW, ""))), rebooted);
  }

  @Test
  void newPolicyTakesTheTaintOverFromOneThatNoLongerSelectsTheNode() {
    String selector = "'nodeSelector': {'matchLabels': {'pool': 'x'}}, ";
    PolicyCatalog policies =
        catalog(p(1, spec(OLD, selector)), policy("q", spec(NEW, selector.replace("'x'", "'y'"))));
    NodeView waiting = next(policies, joined().build(), false);
    guardedThenWarm(policies, World.labelled(waiting, "pool", "y"));
  }

  @Test
  void newNodeOfTheSameNameHasNoFormerKey() {
    NodeView waiting = next(catalog(p(1, spec(OLD, ""))), joined().build(), false);
    assertFalse(memory.startupTaints().isEmpty());
    NodeView again = joined().uid("another").build();
    NodeView warm = next(catalog(policy("q", spec(NEW, ""))), again, true);
    assertEquals(List.of(FOREIGN, OLD), keys(warm));
    assertEquals(keys(again), keys(waiting));
  }

  @Test
  void unknownTaintStaysAndIsReported() {
    PolicyCatalog policies =
        catalog(
            policy("elsewhere", spec(OLD, "'nodeSelector': {'matchLabels': {'pool': 'y'}}, ")),
            policy("q", spec(NEW, "")));
    NodePlan plan = decide(policies, joined().build(), cni(true, 0), NOW);
    assertEquals(List.of(FOREIGN, OLD), keys(Plans.applied(joined().build(), plan)));
    assertEquals(List.of(OLD + ":NoSchedule"), plan.summary().orphanTaints());
  }

  @Test
  void removeCleansTheTaintsOfAllKeys() {
    String remove = "'deletionPolicy': 'Remove', ";
    PolicyObject held = p(1, spec(OLD, remove)).withFinalizers("11", List.of(Keys.FINALIZER));
    PolicyCatalog policies = catalog(held);
    NodeView waiting = next(policies, joined().taint(NEW).build(), false);
    policies.apply(p(2, spec(NEW, remove)).withFinalizers("12", List.of(Keys.FINALIZER)));
    policies.apply(deleting(p(2, spec(NEW, remove)), Keys.FINALIZER));
    assertEquals(List.of(FOREIGN), keys(next(policies, waiting, false)));

    memory = NodeMemory.NONE;
    PolicyCatalog restarted = catalog(deleting(p(2, spec(NEW, remove)), Keys.FINALIZER));
    restarted.apply(revision("p", 1, spec(OLD, remove)));
    assertEquals(List.of(FOREIGN), keys(next(restarted, waiting, false)));

    memory = NodeMemory.NONE;
    NodeView bare = joined().build();
    NodePlan plan = decide(restarted, bare, cni(false, 0), NOW);
    assertEquals(List.of("p"), plan.summary().leaving(), "a node that names no policy");
    assertEquals(List.of(FOREIGN), keys(Plans.applied(bare, plan)));
  }

  @Test
  void daemonSetThatToleratesOnlyTheNewTaintIsExpectedBehindTheFormerOne() {
    PolicyCatalog policies = catalog(p(2, spec(NEW, "")));
    policies.apply(revision("p", 1, spec(OLD, "")));
    NodeView joined = node("n").taint(OLD).build();
    NodePlan plan =
        decide(
            policies,
            joined,
            kubeSystem(
                List.of(),
                List.of(
                    ReservedFixture.daemonSet(
                        "csi", List.of(new Toleration(NEW, "Exists", "", ""))))),
            NOW);
    assertEquals(NodePhase.WAITING, plan.summary().phase());
    assertEquals(List.of(NEW), keys(Plans.applied(joined, plan)));
    assertTrue(plan.summary().message().contains("csi is missing"), plan.summary().message());
  }
}
