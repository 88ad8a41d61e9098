// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.events.EventObserver;
import io.nodeqos.events.QosEvent;
import io.nodeqos.telemetry.metrics.EventMetrics;

/** Counts the events of the bus in metrics. Thread-safe. */
final class MeasuredEvents implements EventObserver {
  private final EventMetrics metrics;

  private MeasuredEvents(EventMetrics metrics) {
    this.metrics = metrics;
  }

  /** The series of all types start at zero. */
  static MeasuredEvents in(EventMetrics metrics) {
    for (QosEvent.Type type : QosEvent.Type.values()) {
      metrics.expected(type.name());
    }
    return new MeasuredEvents(metrics);
  }

  @Override
  public void subscribed(String subscriber) {
    metrics.subscribed(subscriber);
  }

  @Override
  public void published(QosEvent.Type type) {
    metrics.published(type.name());
  }

  @Override
  public void dropped(String subscriber) {
    metrics.dropped(subscriber);
  }
}
