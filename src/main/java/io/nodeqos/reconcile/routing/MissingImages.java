// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.gate.ImageEvidence;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.time.TimeSource;

/**
 * The nodes that lack images of a policy: the decision of all other nodes does not depend on the
 * policy's spinner DaemonSet. Thread-safe.
 */
public final class MissingImages {
  private final ClusterView cluster;
  private final PolicyCatalog policies;
  private final FleetIndex fleet;
  private final TimeSource time;

  public MissingImages(
      ClusterView cluster, PolicyCatalog policies, FleetIndex fleet, TimeSource time) {
    this.cluster = cluster;
    this.policies = policies;
    this.fleet = fleet;
    this.time = time;
  }

  /** True also for a node that has not been decided yet: its evidence is not known. */
  boolean areOf(String policy, String node) {
    NodeState state = fleet.state(node);
    return state.summary().isEmpty()
        || cluster.node(node).filter(n -> lacks(n, state, policy)).isPresent();
  }

  private boolean lacks(NodeView node, NodeState state, String policy) {
    CompiledConfig config = policies.snapshot().compile(node);
    return policy.equals(config.sources().get(Section.IMAGES))
        && ImageEvidence.of(
                new BootEvidence(node, state.memory().boot(), time.steadyTime()),
                cluster.reserved(node.name()),
                config)
            .filter(ImageEvidence::wantsPull)
            .isPresent();
  }
}
