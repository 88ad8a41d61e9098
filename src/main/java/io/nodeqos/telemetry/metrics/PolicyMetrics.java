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
          "Nodes that keep their mark only until an operator confirms at the brake.");

  private final LabelledGauge frozen =
      new LabelledGauge(
          "qos_policy_frozen_nodes",
          "Frozen nodes, by the suspended or invalid policy that they take a section from.",
          "policy");

  void register(CollectorRegistry registry) {
    policies.register(registry);
    braked.register(registry);
    frozen.register(registry);
  }

  /** Sets the source of the number of policies by {@code true} and {@code false}. */
  public void byValidity(Supplier<? extends Map<String, ? extends Number>> counts) {
    policies.source(counts);
  }

  /** Sets the source of the number of frozen nodes, by the policy that freezes them. */
  public void frozen(Supplier<? extends Map<String, ? extends Number>> nodesByPolicy) {
    frozen.source(nodesByPolicy);
  }

  /** Sets the source of the number of nodes that the brake holds. */
  public void braked(DoubleSupplier nodes) {
    braked.add(nodes);
  }
}
