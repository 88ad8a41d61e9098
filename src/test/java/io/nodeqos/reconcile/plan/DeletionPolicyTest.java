// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.deleting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A node whose policy is deleted or selects it no longer. */
class DeletionPolicyTest extends DeletionTestCase {
  private static final Taint FOREIGN =
      new Taint("example.com/t", "v", "NoExecute", "{\"key\":\"example.com/t\",\"future\":1}");

  @Test
  void keepLeavesTheNodeOfADeletedPolicyUnchanged() {
    NodeView node = converged(catalog(policy("p", KEEP)), joined());
    assertTrue(decide(catalog(), node).isConverged());
    assertTrue(decide(catalog(deleting(policy("p", KEEP), "x/y")), node).isConverged());
  }

  @Test
  void keepLeavesANodeOutsideTheSelectorUnchanged() {
    PolicyCatalog catalog = catalog(policy("p", KEEP));
    NodeView node = labelled(converged(catalog, joined()), "y");
    assertTrue(decide(catalog, node).isConverged());
  }

  @Test
  void removeCleansTheNodeOfADeletedPolicy() {
    NodeView node = converged(catalog(policy("p", REMOVE)), joined());
    NodePlan plan = decide(catalog(deleted("p", REMOVE)), node);
    assertEquals(List.of(PlannedTransition.MARKS_REMOVED), plan.transitions());
    assertEquals(List.of("p"), plan.summary().leaving());
    assertEquals(NodePhase.UNMANAGED, plan.summary().phase());
    assertEquals("Everything from policy p is removed from the node.", plan.summary().message());
    assertTrue(plan.status().removeCondition());
    assertEquals(Set.of("nodeqos.io/gold-cpu"), plan.status().removeResources());

    NodeView clean = Plans.applied(node, plan);
    assertEquals(bare(), clean);
    NodePlan next = decide(catalog(deleted("p", REMOVE)), clean);
    assertTrue(next.isConverged());
    assertEquals(List.of(), next.summary().leaving());
  }

  @Test
  void removeCleansTheResourcesOfAPluginWithoutAQuota() {
    String spec = "{'deletionPolicy': 'Remove', 'reservation': {'cpu': '1'}}";
    NodeView node =
        Plans.applied(
            converged(catalog(policy("p", spec)), node("n").build()),
            new StatusChange(
                Optional.empty(), Map.of("nodeqos.io/slices-cpu", Quantity.of(8)), Set.of()));
    NodePlan plan = decide(catalog(deleted("p", spec)), node);
    assertEquals(Set.of("nodeqos.io/slices-cpu"), plan.status().removeResources());
    assertEquals(node("n").build(), Plans.applied(node, plan));
  }

  @Test
  void removeCleansANodeOutsideTheSelectorByTheEvidenceOfThePolicy() {
    PolicyCatalog catalog = catalog(policy("p", REMOVE));
    NodeView left = labelled(converged(catalog, joined()), "y");
    NodePlan plan = decide(catalog, left);
    assertEquals(List.of(PlannedTransition.MARKS_REMOVED), plan.transitions());
    assertEquals(labelled(bare(), "y"), Plans.applied(left, plan));
  }

  @Test
  void removeLeavesTheNodeUnchangedWhenThePolicyIsGone() {
    NodeView node = converged(catalog(policy("p", REMOVE)), joined());
    assertTrue(decide(catalog(), node).isConverged(), "it was made to go without its finalizer");
  }

  @Test
  void removeCleansTheStartupTaintAndKeepsAForeignOne() {
    NodeView waiting =
        converged(
            catalog(policy("p", WARM_UP_ONLY)),
            node("n")
                .label("pool", "x")
                .condition("Ready", "False")
                .taint(FOREIGN)
                .taint("nodeqos.io/other")
                .build());
    assertTrue(
        waiting.annotations().get(Keys.CONFIG).contains("\"sources\":{\"warmUp\":\"p\"}"),
        "without configuration the node names its policy all the same");
    assertFalse(waiting.labels().containsKey(Keys.CONFIG_VERSION));

    NodePlan plan = decide(catalog(policy("p", WARM_UP_ONLY)), labelled(waiting, "y"));
    assertEquals(List.of(), plan.transitions(), "there was no mark to take off");
    NodeView clean = Plans.applied(waiting, plan);
    assertEquals(List.of(FOREIGN), clean.taints());
    assertEquals(Map.of(), clean.annotations());
    assertTrue(clean.condition(Keys.WARMED_UP_CONDITION).isEmpty());
  }

  @Test
  void removeCleansTheRecordOfARevisionThatSetsNothing() {
    NodeView node =
        node("n")
            .label("pool", "x")
            .annotation(Keys.CONFIG, "{\"revisions\":{\"p\":\"44136fa355\"},\"sources\":{}}")
            .build();
    NodePlan plan = decide(catalog(deleted("p", "{'deletionPolicy': 'Remove'}")), node);
    assertEquals(List.of("p"), plan.summary().leaving());
    assertEquals(Map.of(), Plans.applied(node, plan).annotations());
    assertTrue(
        decide(catalog(deleted("p", "{'deletionPolicy': 'Keep'}")), node).isConverged(),
        "it stays with Keep");
  }

  @Test
  void removeCleansTheTaintOfANeverWrittenNode() {
    NodeView node = node("n").label("pool", "x").taint("nodeqos.io/other").build();
    NodePlan plan = decide(catalog(deleted("p", WARM_UP_ONLY)), node);
    assertEquals(List.of("p"), plan.summary().leaving());
    assertEquals(List.of(), Plans.applied(node, plan).taints());
    assertTrue(
        decide(catalog(deleted("p", WARM_UP_ONLY)), labelled(node, "y")).isConverged(),
        "nothing says that this one was its");
  }

  @Test
  void removeOfAnUnreadablePolicyCleansByTheAnnotationOfTheNode() {
    NodeView node = converged(catalog(policy("p", REMOVE)), joined());
    String broken = REMOVE.replace("'500m'", "'much'");
    NodePlan plan = decide(catalog(deleted("p", broken)), labelled(node, "y"));
    assertEquals(labelled(bare(), "y"), Plans.applied(labelled(node, "y"), plan));
  }

  @Test
  void removeChangesNothingForAnInvalidPolicyThatIsNotDeleted() {
    PolicyCatalog catalog = catalog(policy("p", REMOVE));
    NodeView node = converged(catalog, joined());
    catalog.apply(PolicyFixture.policy("p", 2, PolicyFixture.CREATED, "{'priority': 'x', " + FULL));
    assertTrue(decide(catalog, node).isConverged());
  }

  @Test
  void removeCleansTheNodesOfASuspendedPolicyOnceItIsDeleted() {
    String suspended = REMOVE.replace("{'deletionPolicy'", "{'suspend': true, 'deletionPolicy'");
    NodeView node = labelled(converged(catalog(policy("p", REMOVE)), joined()), "y");
    assertTrue(decide(catalog(policy("p", suspended)), node).isConverged());
    assertFalse(decide(catalog(deleted("p", suspended)), node).isConverged());
  }

  @Test
  void removeChangedToKeepDuringTheDeletionKeepsTheRest() {
    NodeView node = converged(catalog(policy("p", REMOVE)), joined());
    assertTrue(decide(catalog(deleted("p", KEEP)), node).isConverged());
  }

  @Test
  void keepKeepsTheSectionsThatTheRemainingPolicyDoesNotSet() {
    PolicyObject other = policy("q", "{'priority': -1, 'reservation': {'cpu': '1'}}");
    NodeView node = converged(catalog(policy("p", KEEP), other), joined());

    NodePlan plan = decide(catalog(other), node);
    NodeView kept = Plans.applied(node, plan);
    String config = kept.annotations().get(Keys.CONFIG);
    assertTrue(
        config.contains("\"sources\":{\"quota\":\"p\",\"reservation\":\"q\",\"warmUp\":\"p\"}"));
    assertTrue(config.contains("\"cpu\":\"1\""), config);
    assertEquals(StatusChange.NONE, plan.status(), "the extended resources stay as they are");
    assertEquals(Set.of(), plan.metadata().removeLabels());
    assertEquals("true", kept.labels().get(Keys.WARMED_UP));
    assertTrue(decide(catalog(other), kept).isConverged(), "and stay so");
    assertNotEquals(node.labels().get(Keys.CONFIG_VERSION), kept.labels().get(Keys.CONFIG_VERSION));

    NodePlan back = decide(catalog(policy("p", KEEP), other), kept);
    assertEquals(
        node.labels().get(Keys.CONFIG_VERSION),
        Plans.applied(kept, back).labels().get(Keys.CONFIG_VERSION),
        "the policy came back");
  }

  @Test
  void keepWritesNothingWhileTheSectionsOfOtherPoliciesAreUnchanged() {
    PolicyObject other = policy("q", "{'priority': 1, 'reservation': {'cpu': '1'}}");
    NodeView node = converged(catalog(policy("p", KEEP), other), joined());
    assertTrue(decide(catalog(other), node).isConverged(), "the version counts p's quota still");
  }

  @Test
  void keptReservationIsSubtractedFromTheQuotaOfOtherPolicies() {
    PolicyObject other =
        policy("q", "{'quota': {'classes': [{'name': 'a', 'advertise': {'cpu': '100%'}}]}}");
    String spec = "{'reservation': {'cpu': '3'}}";
    NodeView node = converged(catalog(policy("p", spec), other), joined());
    assertEquals(Quantity.of(5000), node.status().capacity().get("nodeqos.io/a-cpu"));
    assertTrue(decide(catalog(other), node).isConverged());
  }

  @Test
  void removeCleansOnlyTheSectionsOfTheDeletedPolicy() {
    PolicyObject other =
        policy("q", "{'priority': -1, 'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}");
    NodeView node = converged(catalog(policy("p", REMOVE), other), joined());

    NodePlan plan = decide(catalog(deleted("p", REMOVE), other), node);
    NodeView after = Plans.applied(node, plan);
    assertEquals(
        List.of(PlannedTransition.CONFIG_UPDATED), plan.transitions(), "q warms the node up now");
    assertEquals("true", after.labels().get(Keys.WARMED_UP));
    assertTrue(after.condition(Keys.WARMED_UP_CONDITION).get().isTrue());
    assertEquals(
        converged(catalog(other), joined()).annotations().get(Keys.CONFIG),
        after.annotations().get(Keys.CONFIG));
    assertFalse(after.status().capacity().containsKey("nodeqos.io/gold-cpu"));
    assertEquals(
        List.of(), decide(catalog(deleted("p", REMOVE), other), after).summary().leaving());
  }

  @Test
  void removeOfOnePolicyKeepsTheSectionsKeptForAnother() {
    PolicyObject gone = policy("gone", "{'priority': 1, 'reservation': {'cpu': '1'}}");
    NodeView node = converged(catalog(policy("p", REMOVE), gone), joined());
    NodeView after = Plans.applied(node, decide(catalog(deleted("p", REMOVE)), node));
    String config = after.annotations().get(Keys.CONFIG);
    assertTrue(config.contains("\"sources\":{\"reservation\":\"gone\"}"), config);
    assertFalse(config.contains("quota"), config);
    assertFalse(after.labels().containsKey(Keys.WARMED_UP));
    assertTrue(decide(catalog(deleted("p", REMOVE)), after).isConverged());
    assertTrue(decide(catalog(), after).isConverged());
  }

  @Test
  void marksTakenOverByAWarmUpPolicyDoNotDelayTheDeletion() {
    PolicyObject other = policy("q", "{'priority': -1, 'warmUp': {'nodeReady': {}}}");
    NodeView node = converged(catalog(policy("p", REMOVE), other), joined());

    NodeView after = Plans.applied(node, decide(catalog(deleted("p", REMOVE), other), node));
    assertFalse(after.annotations().containsKey(Keys.CONFIG), "q has no configuration");
    assertEquals("true", after.labels().get(Keys.WARMED_UP), "q warms the node up now");
    NodePlan next = decide(catalog(deleted("p", REMOVE), other), after);
    assertTrue(next.isConverged());
    assertEquals(List.of(), next.summary().leaving(), "nothing that p could take with it");
  }

  @Test
  void policyThatNeverWarmedTheNodeUpCleansNothing() {
    PolicyObject other = policy("q", "{'priority': 1, 'warmUp': {'nodeReady': {}}}");
    NodeView node = converged(catalog(other), joined());
    NodePlan plan = decide(catalog(deleted("p", WARM_UP_ONLY), other), node);
    assertTrue(plan.isConverged());
    assertEquals(List.of(), plan.summary().leaving());
  }

  @Test
  void startupTaintOfTheDeletedPolicyIsRemovedThoughAnotherWarmsTheNodeUp() {
    PolicyObject other = policy("q", "{'priority': 1, 'warmUp': {'nodeReady': {}}}");
    NodeView node =
        Plans.tainted(
            converged(catalog(other), joined()), Taint.of("nodeqos.io/other", "NoSchedule"));
    NodePlan plan = decide(catalog(deleted("p", WARM_UP_ONLY), other), node);
    assertEquals(List.of("p"), plan.summary().leaving());
    NodeView after = Plans.applied(node, plan);
    assertEquals(List.of(), after.taints());
    assertEquals("true", after.labels().get(Keys.WARMED_UP));
    assertEquals(
        List.of(), decide(catalog(deleted("p", WARM_UP_ONLY), other), after).summary().leaving());
  }

  @Test
  void nodeFrozenByAnotherPolicyDelaysTheDeletionAndIsNamed() {
    PolicyObject other = policy("q", "{'suspend': true, 'images': [{'ref': 'a'}]}");
    NodeView node = converged(catalog(policy("p", REMOVE)), joined());
    NodePlan plan = decide(catalog(deleted("p", REMOVE), other), node);
    assertTrue(plan.isConverged());
    assertTrue(plan.summary().freeze().isPresent());
    assertEquals(List.of("p"), plan.summary().leaving());
    assertEquals("Policy q is suspended.", plan.summary().message());
  }

  @Test
  void sectionRemovedFromAPolicyIsRemovedFromTheConfiguration() {
    NodeView node = converged(catalog(policy("p", KEEP)), joined());
    String without =
        "{'nodeSelector': {'matchLabels': {'pool': 'x'}}, 'reservation': {'cpu': '1'}}";
    NodeView after = Plans.applied(node, decide(catalog(policy("p", without)), node));
    assertFalse(after.annotations().get(Keys.CONFIG).contains("quota"));
    assertFalse(after.status().capacity().containsKey("nodeqos.io/gold-cpu"));
    assertEquals("true", after.labels().get(Keys.WARMED_UP), "Keep: the mark stays");

    String removes =
        without.replace("{'nodeSelector'", "{'deletionPolicy': 'Remove', 'nodeSelector'");
    NodePlan plan = decide(catalog(policy("p", removes)), node);
    assertTrue(plan.transitions().contains(PlannedTransition.MARKS_REMOVED));
  }

  @Test
  void imageLabelIsRemovedWithItsOwnPolicyOnly() {
    NodeView labelled = node("n").label(Keys.IMAGES, "p").build();
    NodePlan plan = decide(catalog(deleted("p", REMOVE)), labelled);
    assertEquals(Set.of(Keys.IMAGES), plan.base().removeLabels());
    assertEquals(List.of("p"), plan.summary().leaving(), "the policy waits for it");
    assertTrue(decide(catalog(deleted("q", REMOVE)), labelled).base().isEmpty());
    NodePlan unselected = decide(catalog(), labelled);
    assertTrue(unselected.base().isEmpty());
    assertEquals(
        Set.of(Keys.IMAGES), unselected.images().change().removeLabels(), "it would hold a slot");
  }

  @Test
  void nodeBeingDeletedDoesNotDelayTheDeletion() {
    NodeView node = converged(catalog(policy("p", REMOVE)), joined());
    NodeView.Meta meta = node.meta();
    NodeView dying =
        new NodeView(
            new NodeView.Meta(
                meta.name(), meta.uid(), "7", meta.createdAt(), true, meta.statusReportedAt()),
            node.labels(),
            node.annotations(),
            node.taints(),
            node.status());
    NodePlan plan = decide(catalog(deleted("p", REMOVE)), dying);
    assertTrue(plan.isConverged());
    assertEquals(List.of(), plan.summary().leaving());
  }

  @Test
  void configurationOverwrittenByAnotherWriterIsNoEvidence() {
    NodeView node = converged(catalog(policy("p", REMOVE)), joined());
    NodeView garbled =
        new NodeView(
            node.meta(),
            node.labels(),
            Map.of(Keys.CONFIG, "{\"sources\":["),
            List.of(),
            node.status());
    assertTrue(decide(catalog(policy("p", REMOVE)), labelled(garbled, "y")).isConverged());
  }
}
