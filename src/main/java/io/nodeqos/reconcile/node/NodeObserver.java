// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.images.ImagePullers;
import io.nodeqos.reconcile.plan.Observation;
import io.nodeqos.telemetry.tracing.WorkTrace;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Collects all inputs of a decision about a node. Thread-safe; read-only. */
public final class NodeObserver {
  private final ClusterView cluster;
  private final PolicyCatalog policies;
  private final FleetIndex fleet;
  private final ImagePullers pullers;
  private final TimeSource time;

  public NodeObserver(
      ClusterView cluster,
      PolicyCatalog policies,
      FleetIndex fleet,
      ImagePullers pullers,
      TimeSource time) {
    this.cluster = cluster;
    this.policies = policies;
    this.fleet = fleet;
    this.pullers = pullers;
    this.time = time;
  }

  public Observation observe(NodeView node) {
    Instant now = time.steadyTime();
    Duration wallAhead = time.wallAhead();
    ReservedState reserved =
        WorkTrace.current().part("check reserved namespaces", () -> cluster.reserved(node.name()));
    PolicySnapshot inForce = policies.snapshot();
    CompiledConfig config = inForce.compile(node);
    return new Observation(
        node,
        reserved,
        fleet.state(node.name()).memory().seeing(node, now).seeingCondition(node, now, wallAhead),
        inForce,
        config,
        pullers.of(inForce, config),
        now,
        wallAhead);
  }
}
