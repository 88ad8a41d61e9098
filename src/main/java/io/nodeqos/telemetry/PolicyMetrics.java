// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

import io.prometheus.client.CollectorRegistry;
import java.util.Map;
import java.util.function.Supplier;

/** Metrics of the policies. */
public final class PolicyMetrics {
  private final LabelledGauge policies =
      new LabelledGauge("qos_policies", "Policies, by whether they are valid.", "valid");

  void register(CollectorRegistry registry) {
    policies.register(registry);
  }

  /** Where to get the number of policies by {@code true} and {@code false}. */
  public void byValidity(Supplier<? extends Map<String, ? extends Number>> counts) {
    policies.source(counts);
  }
}
