// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.policy.PolicyCatalog;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is reported of a node that stays as it is. */
class FrozenNodeTest extends PlannerTestCase {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final NodeView BARE = node("n").build();

  @Test
  void phaseIsThatOfTheNode() {
    PolicyCatalog warmsUp = catalog(policy("p", "{'suspend': true, 'warmUp': {'nodeReady': {}}}"));
    PolicyCatalog only = catalog(policy("p", "{'suspend': true, 'reservation': {'cpu': '1'}}"));
    assertEquals(NodePhase.WAITING, decided(warmsUp, BARE).phase());
    assertEquals(NodePhase.WARM, decided(warmsUp, Plans.warm("n").build()).phase());
    assertEquals(NodePhase.CONFIGURED, decided(only, BARE).phase());
    assertEquals(NodePhase.WARM, decided(only, Plans.warm("n").build()).phase());
    assertEquals(NodePhase.WAITING, decided(only, said("False")).phase(), "its warm-up began");
    assertEquals(NodePhase.CONFIGURED, decided(only, said("True")).phase());
  }

  @Test
  void nodeIsCurrentWithTheVersionThatItsPoliciesWant() {
    PolicyCatalog suspended =
        catalog(policy("p", "{'suspend': true, 'reservation': {'cpu': '1'}}"));
    String version = suspended.snapshot().compile(BARE).version();
    assertEquals(
        new Freeze(Freeze.Cause.SUSPENDED, "p", true),
        freeze(suspended, node("n").label(Keys.CONFIG_VERSION, version).build()));
    assertEquals(
        new Freeze(Freeze.Cause.SUSPENDED, "p", false),
        freeze(suspended, node("n").label(Keys.CONFIG_VERSION, "0123456789").build()));
    assertEquals(new Freeze(Freeze.Cause.SUSPENDED, "p", false), freeze(suspended, BARE));
  }

  @Test
  void anyVersionOfAnInvalidPolicyIsCurrent() {
    PolicyCatalog invalid = catalog(policy("p", 2, CREATED, "{'reservation': {'cpu': 'much'}}"));
    String config = "{\"sources\":{\"reservation\":\"p\"}}";
    assertEquals(
        new Freeze(Freeze.Cause.INVALID, "p", true),
        freeze(
            invalid,
            node("n")
                .annotation(Keys.CONFIG, config)
                .label(Keys.CONFIG_VERSION, "0123456789")
                .build()));
    assertEquals(
        new Freeze(Freeze.Cause.INVALID, "p", false),
        freeze(invalid, node("n").annotation(Keys.CONFIG, config).build()));
  }

  private static NodeView said(String status) {
    return node("n")
        .condition(new NodeCondition(Keys.WARMED_UP_CONDITION, status, "Any", "", NOW))
        .build();
  }

  private Freeze freeze(PolicyCatalog policies, NodeView node) {
    return decided(policies, node).freeze().orElseThrow();
  }

  private Summary decided(PolicyCatalog policies, NodeView node) {
    return decide(policies, node, nothing(), NOW).summary();
  }
}
