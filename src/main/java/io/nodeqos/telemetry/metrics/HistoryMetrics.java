// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Metrics of the history. */
public final class HistoryMetrics {
  private final PullGauge entries =
      new PullGauge("qos_history_entries", "Transitions of nodes in the history of this replica.");
  private final PullGauge bytes =
      new PullGauge("qos_history_bytes", "Size of the history, on disk if it is stored there.");
  private final PullGauge degraded =
      new PullGauge(
          "qos_history_degraded",
          "Whether the history is in memory only (1) although a directory is set.");

  void register(CollectorRegistry registry) {
    registry.register(entries);
    registry.register(bytes);
    registry.register(degraded);
  }

  /** Sets the sources of the values. */
  public void of(LongSupplier kept, LongSupplier takes, BooleanSupplier inMemory) {
    entries.add(kept::getAsLong);
    bytes.add(takes::getAsLong);
    degraded.add(() -> inMemory.getAsBoolean() ? 1 : 0);
  }
}
