// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import java.util.Map;

/**
 * Amounts of the three resources of a reservation.
 *
 * @param cpuMilli CPU in milli-cores
 * @param memoryBytes memory in bytes
 * @param ephemeralStorageBytes ephemeral storage in bytes
 */
public record Resources(long cpuMilli, long memoryBytes, long ephemeralStorageBytes) {
  public static final Resources NONE = new Resources(0, 0, 0);

  /** From amounts by the names of their resources, rounded up; a missing resource is zero. */
  public static Resources of(Map<String, Quantity> amounts) {
    Quantity zero = Quantity.of(0);
    return new Resources(
        amounts.getOrDefault("cpu", zero).milliCeil(),
        amounts.getOrDefault("memory", zero).ceil(),
        amounts.getOrDefault("ephemeral-storage", zero).ceil());
  }

  public Resources plus(Resources other) {
    return new Resources(
        saturatedSum(cpuMilli, other.cpuMilli),
        saturatedSum(memoryBytes, other.memoryBytes),
        saturatedSum(ephemeralStorageBytes, other.ephemeralStorageBytes));
  }

  /** The larger of both in each resource. */
  public Resources max(Resources other) {
    return new Resources(
        Math.max(cpuMilli, other.cpuMilli),
        Math.max(memoryBytes, other.memoryBytes),
        Math.max(ephemeralStorageBytes, other.ephemeralStorageBytes));
  }

  /** True when any resource is above that of {@code other}. */
  public boolean exceeds(Resources other) {
    return cpuMilli > other.cpuMilli
        || memoryBytes > other.memoryBytes
        || ephemeralStorageBytes > other.ephemeralStorageBytes;
  }

  /** Rounds each amount up to a whole number of steps. A zero stays zero. */
  public Resources roundedUpTo(long cpuStepMilli, long byteStep) {
    return new Resources(
        roundUp(cpuMilli, cpuStepMilli),
        roundUp(memoryBytes, byteStep),
        roundUp(ephemeralStorageBytes, byteStep));
  }

  private static long roundUp(long amount, long step) {
    long rest = amount % step;
    return rest == 0 ? amount : saturatedSum(amount, step - rest);
  }

  private static long saturatedSum(long a, long b) {
    try {
      return Math.addExact(a, b);
    } catch (ArithmeticException overflow) {
      return Long.MAX_VALUE;
    }
  }
}
