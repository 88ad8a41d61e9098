// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.telemetry.metrics.RolloutMetrics;
import io.nodeqos.telemetry.metrics.RolloutMetrics.Rollout;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The metrics of rollouts, read at each scrape from the status of the policies: so a series ends
 * with its policy. None on a standby: the leader has them.
 */
public final class ScrapedRolloutMetrics {
  private final PolicyCatalog policies;
  private final BooleanSupplier leading;
  private final TimeSource time;

  public ScrapedRolloutMetrics(PolicyCatalog policies, BooleanSupplier leading, TimeSource time) {
    this.policies = policies;
    this.leading = leading;
    this.time = time;
  }

  public void connect(RolloutMetrics metrics) {
    for (RolloutPhase phase : RolloutPhase.values()) {
      metrics.expected(phase.text());
    }
    metrics.present(this::rollouts);
  }

  private List<Rollout> rollouts() {
    if (!leading.getAsBoolean()) {
      return List.of();
    }
    return policies.names().stream()
        .sorted()
        .flatMap(name -> policies.entry(name).stream())
        .flatMap(entry -> rollout(entry).stream())
        .toList();
  }

  private Optional<Rollout> rollout(PolicyCatalog.Entry entry) {
    return entry
        .inForce()
        .filter(ScrapedRolloutMetrics::isLetOutByStep)
        .flatMap(policy -> RolloutJson.in(entry.latest().status()))
        .map(state -> rollout(entry.latest().name(), state));
  }

  private static boolean isLetOutByStep(NodeQoSPolicy policy) {
    return policy.spec().rollout().isPresent();
  }

  private Rollout rollout(String policy, RolloutState state) {
    return new Rollout(
        policy,
        state.phase().text(),
        state.reason(),
        state.progress().step(),
        state.phase().isUnderWay() ? seconds(state.progress().stepSince()) : 0,
        nodes(state.counts()));
  }

  private double seconds(Instant since) {
    return Math.max(0, Duration.between(since, time.wallTime()).toMillis() / 1000.0);
  }

  private static Map<String, Integer> nodes(Counts counts) {
    return Map.of(
        "all", counts.nodes(),
        "wanted", counts.wanted(),
        "updated", counts.updated(),
        "healthy", counts.healthy(),
        "failed", counts.failed(),
        "control_failed", counts.controlFailed());
  }
}
