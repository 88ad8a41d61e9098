// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.kube.informer.Informer;
import io.nodeqos.telemetry.metrics.InformerMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/** Measures the age of the last event or bookmark of each informer. Thread-safe. */
final class InformerAges {
  private final InformerMetrics metrics;
  private final Map<Informer<?>, DoubleSupplier> ages = new ConcurrentHashMap<>();

  InformerAges(InformerMetrics metrics) {
    this.metrics = metrics;
  }

  void watch(Informer<?> informer) {
    DoubleSupplier age = informer.status()::lastEventAgeSeconds;
    ages.put(informer, age);
    metrics.watch(informer.resource(), age);
  }

  /** Does nothing for an informer that is not watched. */
  void unwatch(Informer<?> informer) {
    DoubleSupplier age = ages.remove(informer);
    if (age != null) {
      metrics.unwatch(informer.resource(), age);
    }
  }
}
