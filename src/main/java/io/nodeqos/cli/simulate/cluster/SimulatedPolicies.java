// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.kube.write.FencedWrites;
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
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.policies.DryRuns;
import io.nodeqos.reconcile.policies.PolicyFacts;
import io.nodeqos.reconcile.policies.PolicyFinalizer;
import io.nodeqos.reconcile.policies.PolicyReconciler;
import io.nodeqos.reconcile.policies.PolicyUpdates;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.reconcile.rollout.RolloutReconciler;
import io.nodeqos.reconcile.rollout.RolloutWrites;
import io.nodeqos.reconcile.rollout.report.RolloutReport;
import io.nodeqos.reconcile.rollout.report.RolloutSightings;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.time.TimeSource;
import java.util.function.Consumer;

/** The work on the status of policies, as {@code app} wires it: reports and rollouts. */
record SimulatedPolicies(
    PolicyCatalog policies,
    SimulatedCaches cluster,
    FleetIndex fleet,
    FencedWrites writes,
    PolicyWrites policyWrites,
    EventPublisher events,
    ControllerSettings settings,
    Backoff retry,
    TimeSource time) {

  PolicyReconciler reconciler(
      Brake brake, ImageProblems imageProblems, DryRuns dryRuns, FreshNodes fresh) {
    return new PolicyReconciler(
        policies,
        new PolicyFacts(new PolicyCensus(cluster, policies, fleet), brake, imageProblems, dryRuns),
        brake,
        new PolicyFinalizer(cluster, policies, fleet, fresh),
        new PolicyUpdates(
            writes.policyStatus(),
            policyWrites,
            LeaderFence.INSTANCE,
            events,
            () -> settings.reconcile().policyStatusInterval(),
            retry),
        time);
  }

  /**
   * The work on rollouts.
   *
   * @param nodes the queue of nodes that are given another revision
   * @param statusMayDiffer is told of a policy whose rollout goes on
   */
  RolloutReconciler rollouts(
      KeyedQueue nodes, Consumer<String> statusMayDiffer, Metrics metrics, Tracing tracing) {
    RolloutReport report =
        new RolloutReport(
            events,
            metrics.rollouts(),
            tracing,
            new RolloutSightings(settings.reconcile().traceparentKey(), time),
            time);
    return new RolloutReconciler(
        policies,
        cluster,
        fleet,
        new RolloutWrites(writes.policyStatus(), policyWrites, LeaderFence.INSTANCE),
        LeaderFence.INSTANCE,
        node -> nodes.add(node, Lane.CHANGE, Trigger.NONE),
        (policy, before, now) -> {
          statusMayDiffer.accept(policy.name());
          report.changed(policy, before, now);
        },
        retry,
        time);
  }
}
