// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.reconcile.BrakeSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts, by the rules of the {@link Brake}, decisions about a fleet that are not carried out. Not
 * thread-safe.
 */
public final class BrakeForecast {
  private final BrakeSettings settings;
  private final Map<String, BrakeState> nodes = new HashMap<>();

  public BrakeForecast(BrakeSettings settings) {
    this.settings = settings;
  }

  /**
   * The answer for one policy.
   *
   * @param policy the policy that is responsible for the marks
   * @param losing warm nodes that would lose their mark, now or if their gates stay closed
   * @param lost nodes that lost their mark in the window of the brake, and are not warm again
   * @param warm nodes that are warm, or were warm in the window
   * @param limit so many of them may lose their mark
   * @param holds whether the brake would hold it
   */
  public record Forecast(String policy, int losing, int lost, int warm, int limit, boolean holds) {}

  /** Adds the decision about one node. */
  public void add(NodeView node, CompiledConfig config, NodePlan plan, Instant now) {
    String policy = BrakeState.policyOf(node, config, plan, BrakeState.NONE);
    nodes.put(node.name(), BrakeState.of(node, plan, policy, BrakeState.NONE, now));
  }

  /** For each policy that is responsible for marks, by name. */
  public List<Forecast> forecasts(Instant now) {
    return nodes.values().stream()
        .map(BrakeState::policy)
        .filter(policy -> !policy.isEmpty())
        .distinct()
        .sorted()
        .map(policy -> forecast(policy, now))
        .toList();
  }

  private Forecast forecast(String policy, Instant now) {
    BrakeCounts counts = BrakeCounts.of(policy, nodes, now.minus(settings.window()), now);
    return new Forecast(
        policy,
        counts.threatened(),
        counts.lost(),
        counts.warm(),
        counts.limit(settings.mostPercent()),
        counts.isTooMuch(settings.mostPercent()));
  }
}
