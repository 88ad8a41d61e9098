// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Metrics of rollouts. Safe for many threads. */
public final class RolloutMetrics {
  private final Counter transitions =
      Instruments.counter(
          "qos_rollout_transitions_total", "Phases that rollouts have entered.", "phase");
  private volatile Supplier<? extends List<Rollout>> rollouts = List::of;

  /**
   * The present state of the rollout of one policy.
   *
   * @param reason of the phase; empty for none
   * @param stepSeconds time since the step began; 0 when none is under way
   * @param nodes number of nodes by state, a few fixed words
   */
  public record Rollout(
      String policy,
      String phase,
      String reason,
      int step,
      double stepSeconds,
      Map<String, Integer> nodes) {}

  void register(CollectorRegistry registry) {
    transitions.register(registry);
    registry.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            return families(rollouts.get());
          }
        });
  }

  /** Rollouts can enter this phase: its series starts at zero. */
  public void expected(String phase) {
    transitions.labels(phase);
  }

  /** A rollout has entered this phase. */
  public void entered(String phase) {
    transitions.labels(phase).inc();
  }

  /** Sets the source of the present rollouts; called at each scrape. */
  public void present(Supplier<? extends List<Rollout>> source) {
    rollouts = source;
  }

  private static List<Collector.MetricFamilySamples> families(List<Rollout> all) {
    GaugeMetricFamily phase =
        family(
            "qos_rollout_phase",
            "Always 1: the phase of the rollout of a policy, and its reason.",
            "phase",
            "reason");
    GaugeMetricFamily nodes =
        family("qos_rollout_nodes", "Nodes of the policy, by their part in the rollout.", "state");
    GaugeMetricFamily step = family("qos_rollout_step", "The present step, which counts from 1.");
    GaugeMetricFamily age =
        family("qos_rollout_step_seconds", "Time since the step began; 0 when none is under way.");
    for (Rollout rollout : all) {
      List<String> policy = List.of(rollout.policy());
      phase.addMetric(List.of(rollout.policy(), rollout.phase(), rollout.reason()), 1);
      rollout
          .nodes()
          .forEach((state, count) -> nodes.addMetric(List.of(rollout.policy(), state), count));
      step.addMetric(policy, rollout.step());
      age.addMetric(policy, rollout.stepSeconds());
    }
    return List.of(phase, nodes, step, age);
  }

  private static GaugeMetricFamily family(String name, String help, String... furtherLabels) {
    List<String> labels = new ArrayList<>(List.of("policy"));
    labels.addAll(List.of(furtherLabels));
    return new GaugeMetricFamily(name, help, labels);
  }
}
