// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.deleting;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.World;
import java.time.Instant;
import java.util.List;

/** Policies that are deleted, and nodes that carry their state. */
abstract class DeletionTestCase extends PlannerTestCase {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  static final String FULL =
      "'nodeSelector': {'matchLabels': {'pool': 'x'}}, 'reservation': {'cpu': '500m'},"
          + "'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]},"
          + "'warmUp': {'nodeReady': {}}}";
  static final String KEEP = "{" + FULL;
  static final String REMOVE = "{'deletionPolicy': 'Remove', " + FULL;
  static final String WARM_UP_ONLY =
      "{'deletionPolicy': 'Remove', 'nodeSelector': {'matchLabels': {'pool': 'x'}},"
          + "'warmUp': {'taintKey': 'nodeqos.io/other', 'nodeReady': {}}}";

  static PolicyObject policy(String name, String spec) {
    return PolicyFixture.policy(name, spec).withFinalizers("10", List.of(Keys.FINALIZER));
  }

  static PolicyObject deleted(String name, String spec) {
    return deleting(policy(name, spec), Keys.FINALIZER);
  }

  static NodeView joined() {
    return node("n").label("pool", "x").taint(Keys.STARTUP_TAINT).build();
  }

  static NodeView bare() {
    return node("n").label("pool", "x").build();
  }

  static NodeView labelled(NodeView node, String pool) {
    return World.labelled(node, "pool", pool);
  }

  final NodePlan decide(PolicyCatalog catalog, NodeView node) {
    return decide(catalog, node, nothing(), NOW);
  }

  final NodeView converged(PolicyCatalog catalog, NodeView start) {
    NodeView node = start;
    for (int i = 0; i < 3; i++) {
      node = Plans.applied(node, decide(catalog, node));
    }
    assertTrue(decide(catalog, node).isConverged());
    return node;
  }
}
