// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.kube.write.FencedWrites;
import io.nodeqos.queue.Backoff;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.policies.PolicyUpdates;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.reconcile.rollout.RolloutListener;
import io.nodeqos.reconcile.rollout.RolloutWrites;
import io.nodeqos.reconcile.rollout.report.RolloutReport;
import io.nodeqos.reconcile.rollout.report.RolloutSightings;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.time.TimeSource;

/** The writes of the status of policies, which all share the memory of the newest version. */
final class SimulatedStatusWrites {
  private final FencedWrites writes;
  private final PolicyWrites policyWrites;
  private final EventPublisher events;
  private final ControllerSettings settings;
  private final Backoff retry;

  SimulatedStatusWrites(
      FencedWrites writes,
      PolicyWrites policyWrites,
      EventPublisher events,
      ControllerSettings settings,
      Backoff retry) {
    this.writes = writes;
    this.policyWrites = policyWrites;
    this.events = events;
    this.settings = settings;
    this.retry = retry;
  }

  PolicyUpdates updates() {
    return new PolicyUpdates(
        writes.policyStatus(),
        policyWrites,
        LeaderFence.INSTANCE,
        events,
        () -> settings.reconcile().policyStatusInterval(),
        retry);
  }

  RolloutWrites rollouts(RolloutListener listener) {
    return new RolloutWrites(
        writes.policyStatus(), policyWrites, LeaderFence.INSTANCE, listener, retry);
  }

  /** Reports each transition of a rollout. */
  RolloutReport report(Metrics metrics, Tracing tracing, TimeSource time) {
    return new RolloutReport(
        events,
        metrics.rollouts(),
        tracing,
        new RolloutSightings(settings.reconcile().traceparentKey(), time),
        time);
  }
}
