// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Metrics of the policies. */
public final class PolicyMetrics {
  private final LabelledGauge policies =
      new LabelledGauge("qos_policies", "Policies, by whether they are valid.", "valid");

  private final PullGauge braked =
      new PullGauge(
          "qos_braked_nodes",
          "Nodes that keep their warm-up mark only because the brake waits to be confirmed.");

  private final LabelledGauge frozen =
      new LabelledGauge(
          "qos_policy_frozen_nodes",
          "Nodes that are kept as they are, by the suspended or invalid policy that they take a"
              + " section from.",
          "policy");

  void register(CollectorRegistry registry) {
    policies.register(registry);
    braked.register(registry);
    frozen.register(registry);
  }

  /** Where to get the number of policies by {@code true} and {@code false}. */
  public void byValidity(Supplier<? extends Map<String, ? extends Number>> counts) {
    policies.source(counts);
  }

  /** Where to get the number of nodes that are kept as they are, by the policy that does so. */
  public void frozen(Supplier<? extends Map<String, ? extends Number>> nodesByPolicy) {
    frozen.source(nodesByPolicy);
  }

  /** Where to get the number of nodes that the brake holds. */
  public void braked(DoubleSupplier nodes) {
    braked.add(nodes);
  }
}
