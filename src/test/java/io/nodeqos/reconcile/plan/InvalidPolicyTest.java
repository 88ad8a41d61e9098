// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.revision;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Nodes of a policy that is invalid when a process starts. */
class InvalidPolicyTest extends PlannerTestCase {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String GOOD =
      "{'priority': 5, 'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}";
  private static final PolicyObject INVALID =
      policy("p", 2, CREATED, "{'priority': 5, 'reservation': {'cpu': 'much'}}");
  private static final String OTHER = "{'images': [{'ref': 'a'}], 'warmUp': {'nodeReady': {}}}";

  /** The node as the policy configured it while it was valid. */
  private NodeView configured() {
    return converged(catalog(policy("p", GOOD)), node("n").taint(Keys.STARTUP_TAINT).build());
  }

  private NodeView converged(PolicyCatalog policies, NodeView before) {
    NodeView node = before;
    for (int i = 0; i < 3; i++) {
      node = Plans.applied(node, decide(policies, node, nothing(), NOW));
    }
    return node;
  }

  @Test
  void lastRecordedVersionKeepsTheNodeUnchanged() {
    PolicyCatalog restarted = catalog(INVALID);
    restarted.apply(revision("p", 1, GOOD));
    NodePlan plan = decide(restarted, configured(), nothing(), NOW);
    assertTrue(plan.isConverged(), plan.toString());
    assertEquals(NodePhase.WARM, plan.summary().phase());
  }

  @Test
  void otherPolicyAppliesAndTheSectionStaysWithoutARecordedVersion() {
    NodeView before = configured();
    NodeView node = converged(catalog(INVALID, policy("q", OTHER)), before);
    String config = node.annotations().get(Keys.CONFIG);
    assertTrue(config.contains("\"cpu\":\"1\""), config);
    assertTrue(config.contains("\"images\":\"q\""), config);
    assertEquals(NodePhase.WARM, phase(catalog(INVALID, policy("q", OTHER)), node));
  }

  @Test
  void newNodeOfAnotherPolicyGetsWarmWithoutARecordedVersion() {
    PolicyCatalog policies = catalog(INVALID, policy("q", OTHER));
    NodeView joined = node("n").taint(Keys.STARTUP_TAINT).build();
    NodeView node = converged(policies, joined);
    assertEquals(NodePhase.WARM, phase(policies, node));
    assertFalse(new StartupTaint(Keys.STARTUP_TAINT).isOn(node));
  }

  @Test
  void nodeKeepsItsConfigurationAndReportsWhyWithoutARecordedVersion() {
    NodePlan plan = decide(catalog(INVALID), configured(), nothing(), NOW);
    assertTrue(plan.isConverged());
    assertTrue(plan.summary().freeze().isPresent());
    assertEquals("Policy p is invalid. The node stays as it is.", plan.summary().message());
  }

  private NodePhase phase(PolicyCatalog policies, NodeView node) {
    return decide(policies, node, nothing(), NOW).summary().phase();
  }
}
