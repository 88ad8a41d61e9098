// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import io.prometheus.client.hotspot.ThreadExports;
import io.prometheus.client.hotspot.VersionInfoExports;
import java.util.List;

/**
 * Memory, collections and threads of the JVM, CPU and files of the process. Not all metrics of the
 * library: the limits of each memory pool alone would be forty series.
 */
final class JvmMetrics {
  private JvmMetrics() {}

  static void register(CollectorRegistry registry) {
    new StandardExports().register(registry);
    new GarbageCollectorExports().register(registry);
    new ThreadExports().register(registry);
    new VersionInfoExports().register(registry);
    new Memory(new MemoryPoolsExports()).register(registry);
  }

  /** Heap and non-heap in full, of each pool the used part. */
  private static final class Memory extends Collector {
    private final Collector all;

    Memory(Collector all) {
      this.all = all;
    }

    @Override
    public List<MetricFamilySamples> collect() {
      return all.collect().stream()
          .filter(
              family ->
                  !family.name.startsWith("jvm_memory_pool_")
                      || family.name.equals("jvm_memory_pool_bytes_used"))
          .toList();
    }
  }
}
