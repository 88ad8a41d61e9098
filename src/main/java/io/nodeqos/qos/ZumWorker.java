// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.Keys;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.spec.Amount;
import io.nodeqos.policy.spec.PolicySpec.QosClass;
import io.nodeqos.policy.spec.PolicySpec.Quota;
import io.nodeqos.policy.spec.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The quota worker: computes the cgroup v2 values of each QoS class for the node, and the extended
 * resources with which the stock scheduler enforces the advertised quota of a class. Percentages
 * are of the {@link TenantCapacity} of the node, rounded down.
 *
 * <p>{@code zum} is the name of the quota worker in the Go manager. Metrics, traces, logs and
 * statuses show it.
 */
public final class ZumWorker implements QosWorker {
  /** The default period of cpu.max, in microseconds (kernel documentation, cgroup-v2). */
  private static final long CPU_PERIOD_MICROS = 100_000;

  /** The kernel refuses a smaller cpu.max quota. */
  private static final long CPU_MIN_QUOTA_MICROS = 1_000;

  @Override
  public String name() {
    return "zum";
  }

  @Override
  public int order() {
    return 20;
  }

  @Override
  public Contribution plan(WorkerInput input) {
    Optional<Quota> section = input.config().sections().quota();
    if (section.isEmpty()) {
      return Contribution.NONE;
    }
    TenantCapacity tenants = new TenantCapacity(input.node(), input.reservation());
    long cpuMilli = Math.max(0, tenants.cpuMilli());
    long memoryBytes = Math.max(0, tenants.memoryBytes());
    List<Object> classes = new ArrayList<>();
    Map<String, Quantity> resources = new TreeMap<>();
    for (QosClass qosClass : section.get().classes()) {
      classes.add(values(qosClass, cpuMilli, memoryBytes));
      advertised(qosClass.advertise().cpu().map(a -> a.milliOf(cpuMilli)))
          .ifPresent(q -> resources.put(Keys.cpuResource(qosClass.name()), q));
      advertised(qosClass.advertise().memory().map(a -> a.unitsOf(memoryBytes)))
          .ifPresent(q -> resources.put(Keys.memoryResource(qosClass.name()), q));
    }
    return new Contribution(
        Map.of(Section.QUOTA.field(), Map.of("classes", classes)), resources, Optional.empty());
  }

  private static Optional<Quantity> advertised(Optional<Long> amount) {
    return amount.map(Quantity::of);
  }

  private static Map<String, Object> values(QosClass c, long cpuMilli, long memoryBytes) {
    Map<String, Object> cpu = new TreeMap<>();
    c.cpu().weight().ifPresent(w -> cpu.put("weight", w));
    c.cpu().max().ifPresent(max -> cpu.put("max", cpuMax(max.milliOf(cpuMilli))));
    Map<String, Object> memory = new TreeMap<>();
    bytes(memory, "min", c.memory().min(), memoryBytes);
    bytes(memory, "high", c.memory().high(), memoryBytes);
    bytes(memory, "max", c.memory().max(), memoryBytes);
    Map<String, Object> values = new TreeMap<>();
    values.put("name", c.name());
    values.put("cpu", cpu);
    values.put("memory", memory);
    c.ioWeight().ifPresent(w -> values.put("io", Map.of("weight", w)));
    values.values().removeIf(v -> v instanceof Map<?, ?> m && m.isEmpty());
    return values;
  }

  private static String cpuMax(long milli) {
    long microsPerMilli = CPU_PERIOD_MICROS / 1000;
    long quota =
        Math.max(
            CPU_MIN_QUOTA_MICROS,
            Math.min(milli, Long.MAX_VALUE / microsPerMilli) * microsPerMilli);
    return quota + " " + CPU_PERIOD_MICROS;
  }

  private static void bytes(
      Map<String, Object> memory, String field, Optional<Amount> amount, long base) {
    amount.ifPresent(a -> memory.put(field, a.unitsOf(base)));
  }
}
