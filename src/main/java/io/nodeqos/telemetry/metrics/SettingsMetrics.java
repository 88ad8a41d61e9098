// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Metrics of the settings and their changes while the process runs. */
public final class SettingsMetrics {
  private final Counter reloads =
      Instruments.counter(
          "qos_settings_reloads_total", "Changes of the settings, by result.", "result");
  private final PullGauge refused =
      new PullGauge(
          "qos_settings_refused",
          "Whether the latest edit of the settings is invalid (1), so that the previous settings stay in force.");
  private final PullGauge waiting =
      new PullGauge(
          "qos_settings_waiting_for_restart", "Settings that were changed and need a restart.");

  void register(CollectorRegistry registry) {
    reloads.register(registry);
    refused.register(registry);
    waiting.register(registry);
    reloads.labels("applied");
    reloads.labels("refused");
  }

  /** An edit of the settings was applied, or refused because it is invalid. */
  public void reloaded(boolean applied) {
    reloads.labels(applied ? "applied" : "refused").inc();
  }

  /** Sets the sources of the present state. */
  public void state(BooleanSupplier isRefused, IntSupplier waitingForRestart) {
    refused.add(() -> isRefused.getAsBoolean() ? 1 : 0);
    waiting.add(waitingForRestart::getAsInt);
  }
}
