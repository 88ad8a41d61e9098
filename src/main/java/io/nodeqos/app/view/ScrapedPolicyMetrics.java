// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.telemetry.metrics.PolicyMetrics;
import java.util.Map;
import java.util.TreeMap;

/** The metrics of policies that are read at each scrape: never stale, no cost in between. */
public final class ScrapedPolicyMetrics {
  private final PolicyCatalog policies;
  private final FleetIndex fleet;
  private final Brake brake;

  public ScrapedPolicyMetrics(PolicyCatalog policies, FleetIndex fleet, Brake brake) {
    this.policies = policies;
    this.fleet = fleet;
    this.brake = brake;
  }

  public void connect(PolicyMetrics metrics) {
    metrics.byValidity(this::byValidity);
    metrics.frozen(this::frozenByPolicy);
    metrics.braked(brake::braked);
  }

  private Map<String, Integer> byValidity() {
    int invalid = policies.invalid();
    return Map.of("true", policies.names().size() - invalid, "false", invalid);
  }

  private Map<String, Integer> frozenByPolicy() {
    Map<String, Integer> counts = new TreeMap<>();
    fleet
        .frozen()
        .forEach(
            (freeze, nodes) -> {
              if (!freeze.policy().isEmpty()) {
                int all = nodes.values().stream().mapToInt(Integer::intValue).sum();
                counts.merge(freeze.policy(), all, Integer::sum);
              }
            });
    return counts;
  }
}
