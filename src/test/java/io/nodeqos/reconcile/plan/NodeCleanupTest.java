// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.PolicyObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What of the state of a policy goes, and what stays. */
class NodeCleanupTest extends DeletionTestCase {
  @Test
  void resourcesOfOthersStayWhereOnlyTheImageLabelGoes() {
    NodeView labelled =
        Plans.applied(
            node("n").label(Keys.IMAGES, "p").build(),
            new StatusChange(
                Optional.empty(), Map.of("nodeqos.io/slices-cpu", Quantity.of(8)), Set.of()));
    NodePlan plan = decide(catalog(deleted("p", REMOVE)), labelled);
    assertEquals(List.of("p"), plan.summary().leaving());
    assertEquals(Set.of(), plan.status().removeResources());
  }

  @Test
  void startupTaintThatAnotherPolicyNeedsStays() {
    String sameKey = WARM_UP_ONLY.replace("nodeqos.io/other", Keys.STARTUP_TAINT);
    PolicyObject other = policy("q", "{'priority': -1, 'warmUp': {'nodeReady': {}}}");
    NodeView waiting =
        converged(
            catalog(policy("p", sameKey), other),
            node("n")
                .label("pool", "x")
                .condition("Ready", "False")
                .taint(Keys.STARTUP_TAINT)
                .build());
    NodePlan plan = decide(catalog(deleted("p", sameKey), other), waiting);
    NodeView after = Plans.applied(waiting, plan);
    assertEquals(waiting.taints(), after.taints());
    assertEquals(
        List.of(), decide(catalog(deleted("p", sameKey), other), after).summary().leaving());
  }

  /** They tell who wrote the node last, and its images: others still need them. */
  @Test
  void recordOfTheLeaderGoesWithTheLastStateOnly() {
    PolicyObject reserves = policy("q", "{'priority': -1, 'reservation': {'cpu': '1'}}");
    PolicyObject[] both = {policy("p", WARM_UP_ONLY), reserves};
    NodeView node = led(converged(catalog(both), joined()));
    NodeView managed =
        Plans.applied(node, decide(catalog(deleted("p", WARM_UP_ONLY), reserves), node));
    assertEquals("7", managed.annotations().get(Keys.LEADER_EPOCH), "q manages the node");
    NodeView kept = Plans.applied(node, decide(catalog(deleted("p", WARM_UP_ONLY)), node));
    assertEquals("7", kept.annotations().get(Keys.LEADER_EPOCH), "q has left its reservation");

    NodeView alone = led(converged(catalog(policy("p", WARM_UP_ONLY)), joined()));
    NodeView clean = Plans.applied(alone, decide(catalog(deleted("p", WARM_UP_ONLY)), alone));
    assertFalse(clean.annotations().containsKey(Keys.LEADER_EPOCH));
  }

  private static NodeView led(NodeView node) {
    return Plans.applied(node, MetadataChange.NONE.withAnnotation(Keys.LEADER_EPOCH, "7"));
  }

  @Test
  void sentenceNamesThePoliciesAndWhyTheirStateIsRemoved() {
    assertEquals("No policy sets anything for the node.", sentence(List.of(), List.of()));
    assertEquals(
        "Everything from policy a, b is removed from the node.",
        sentence(List.of("a", "b"), List.of("c")));
    assertEquals(
        "The configuration from policy c is removed from the node: its rollout was taken back.",
        sentence(List.of(), List.of("c")));
  }

  private static String sentence(List<String> leaving, List<String> withdrawn) {
    return new NodeCleanup(true, Map.of(), leaving, false, false, Set.of(), false, withdrawn, false)
        .sentence();
  }
}
