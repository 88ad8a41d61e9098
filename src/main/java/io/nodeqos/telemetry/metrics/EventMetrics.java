// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** Metrics of events: of the bus, and of those written to Kubernetes. Safe for many threads. */
public final class EventMetrics {
  private final Counter published =
      Instruments.counter("qos_events_total", "Events published on the bus.", "type");
  private final Counter dropped =
      Instruments.counter(
          "qos_events_dropped_total", "Events that a subscriber of the bus lost.", "subscriber");
  private final Counter kubernetesDropped =
      Instruments.counter(
          "qos_kubernetes_events_dropped_total",
          "Kubernetes Events that were not written.",
          "reason");
  private final Counter kubernetesWriteFailures =
      Instruments.counter(
          "qos_kubernetes_event_write_failures_total",
          "Failed requests to write an Event, retried or not.",
          "reason");

  void register(CollectorRegistry registry) {
    published.register(registry);
    dropped.register(registry);
    kubernetesDropped.register(registry);
    kubernetesWriteFailures.register(registry);
  }

  /** Events of this type can occur: their series starts at zero. */
  public void expected(String type) {
    published.labels(type);
  }

  /** An event of this type went over the bus. */
  public void published(String type) {
    published.labels(type).inc();
  }

  /** A subscriber was added: its series starts at zero. */
  public void subscribed(String subscriber) {
    dropped.labels(subscriber);
  }

  /** A subscriber has lost an event. */
  public void dropped(String subscriber) {
    dropped(subscriber, 1);
  }

  /** A subscriber has lost so many events. */
  public void dropped(String subscriber, long events) {
    dropped.labels(subscriber).inc(events);
  }

  /**
   * So many Kubernetes Events were not written.
   *
   * @param reason one of a few fixed words; zero events start its series
   */
  public void kubernetesDropped(String reason, long events) {
    kubernetesDropped.labels(reason).inc(events);
  }

  /**
   * A request to write an Event failed.
   *
   * @param reason one of a few fixed words
   */
  public void kubernetesWriteFailed(String reason) {
    kubernetesWriteFailures.labels(reason).inc();
  }
}
