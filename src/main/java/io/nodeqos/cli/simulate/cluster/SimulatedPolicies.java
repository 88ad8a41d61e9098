// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.FreshNodes;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.PolicyCensus;
import io.nodeqos.reconcile.images.DaemonSetWriter;
import io.nodeqos.reconcile.images.ImageProblemReport;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.images.SpinnerReconciler;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.reconcile.images.SpinnerWrites;
import io.nodeqos.reconcile.policies.DryRuns;
import io.nodeqos.reconcile.policies.PolicyFacts;
import io.nodeqos.reconcile.policies.PolicyFinalizer;
import io.nodeqos.reconcile.policies.PolicyReconciler;
import io.nodeqos.reconcile.policies.RevisionReconciler;
import io.nodeqos.reconcile.policies.RevisionWriter;
import io.nodeqos.reconcile.rollout.RolloutListener;
import io.nodeqos.reconcile.rollout.RolloutReconciler;
import io.nodeqos.reconcile.rollout.report.RolloutReport;
import io.nodeqos.reconcile.routing.PolicyRechecks;
import io.nodeqos.time.TimeSource;

/** The work on policies, as {@code app} wires it. */
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

  PolicyReconciler status(
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
   * @param rechecks are told of each transition, as is the report
   */
  RolloutReconciler rollouts(KeyedQueue nodes, PolicyRechecks rechecks, RolloutReport report) {
    RolloutListener listener =
        (policy, before, now) -> {
          rechecks.statusMayDiffer(policy.name());
          report.changed(policy, before, now);
        };
    return new RolloutReconciler(
        policies,
        cluster,
        fleet,
        statusWrites.rollouts(listener),
        node -> nodes.add(node, Lane.CHANGE, Trigger.NONE),
        time);
  }

  /** The work on the DaemonSets that pull the images of policies. */
  SpinnerReconciler spinners(
      SpinnerSpecs specs, DaemonSetWriter api, ImageProblemReport problems, Backoff retry) {
    return new SpinnerReconciler(
        policies, cluster, specs, new SpinnerWrites(api, time), problems, retry);
  }

  /** The work on the stored versions of policies. */
  RevisionReconciler revisions(
      RevisionWriter api, EventPublisher events, String namespace, Backoff retry) {
    return new RevisionReconciler(policies, api, events, namespace, retry, time);
  }
}
