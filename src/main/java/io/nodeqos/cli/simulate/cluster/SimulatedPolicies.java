// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.FreshNodes;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.PolicyCensus;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.policies.DryRuns;
import io.nodeqos.reconcile.policies.PolicyFacts;
import io.nodeqos.reconcile.policies.PolicyFinalizer;
import io.nodeqos.reconcile.policies.PolicyReconciler;
import io.nodeqos.reconcile.rollout.RolloutListener;
import io.nodeqos.reconcile.rollout.RolloutReconciler;
import io.nodeqos.time.TimeSource;

/** The work on the status of policies, as {@code app} wires it: reports and rollouts. */
final class SimulatedPolicies {
  private final PolicyCatalog policies;
  private final SimulatedCaches cluster;
  private final FleetIndex fleet;
  private final SimulatedStatusWrites statusWrites;
  private final TimeSource time;

  SimulatedPolicies(
      PolicyCatalog policies,
      SimulatedCaches cluster,
      FleetIndex fleet,
      SimulatedStatusWrites statusWrites,
      TimeSource time) {
    this.policies = policies;
    this.cluster = cluster;
    this.fleet = fleet;
    this.statusWrites = statusWrites;
    this.time = time;
  }

  PolicyReconciler reconciler(
      Brake brake, ImageProblems imageProblems, DryRuns dryRuns, FreshNodes fresh) {
    return new PolicyReconciler(
        policies,
        new PolicyFacts(new PolicyCensus(cluster, policies, fleet), brake, imageProblems, dryRuns),
        brake,
        new PolicyFinalizer(cluster, policies, fleet, fresh),
        statusWrites.updates(),
        time);
  }

  /**
   * The work on rollouts.
   *
   * @param nodes the queue of nodes that are given another revision
   * @param listener is told of each transition
   */
  RolloutReconciler rollouts(KeyedQueue nodes, RolloutListener listener) {
    return new RolloutReconciler(
        policies,
        cluster,
        fleet,
        statusWrites.rollouts(listener),
        node -> nodes.add(node, Lane.CHANGE, Trigger.NONE),
        time);
  }
}
