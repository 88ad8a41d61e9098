// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.memory;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;
import java.util.Set;

/** The old generation of this JVM. */
final class JvmOldGeneration implements OldGeneration {
  private static final Set<String> NAMES = Set.of("Tenured Gen", "G1 Old Gen");

  private final MemoryPoolMXBean pool;

  private JvmOldGeneration(MemoryPoolMXBean pool) {
    this.pool = pool;
  }

  /** That of the collectors Serial and G1; empty with others. */
  static Optional<OldGeneration> find() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> NAMES.contains(pool.getName()))
        .<OldGeneration>map(JvmOldGeneration::new)
        .findFirst();
  }

  @Override
  public long used() {
    return pool.getUsage().getUsed();
  }

  @Override
  public long usedAfterCollection() {
    return pool.getCollectionUsage().getUsed();
  }

  /** Without effect with the JVM's option {@code -XX:+DisableExplicitGC}. */
  @Override
  public void collect() {
    System.gc();
  }
}
