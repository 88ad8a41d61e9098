// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static io.nodeqos.fixture.ReservedFixture.readySince;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import java.time.Instant;
import java.util.List;

/** A planner that decides one node repeatedly, with its memory of that node. */
abstract class PlannerTestCase {
  private static final Instant LATE = Instant.parse("2027-01-01T00:00:00Z");

  private final NodePlanner planner = Plans.planner();
  NodeMemory memory = NodeMemory.NONE;

  /** Younger than any boot. */
  static ReservedState cni(boolean ready, long milli) {
    PodView pod = pod("cni", ready, "Running", false, new Resources(milli, 0, 0));
    return kubeSystem(List.of(ready ? readySince(pod, LATE) : pod), List.of());
  }

  static PolicyCatalog catalog(PolicyObject... policies) {
    return PolicyFixture.catalog(policies);
  }

  final NodePlan decide(String spec, NodeView node, ReservedState reserved, Instant now) {
    return decide(catalog(policy("p", spec)), node, reserved, now);
  }

  final NodePlan decide(PolicyCatalog catalog, NodeView node, ReservedState reserved, Instant now) {
    NodePlan plan =
        planner.decide(Plans.observation(node, reserved, memory, catalog.snapshot(), now));
    memory = plan.memory();
    return plan;
  }
}
