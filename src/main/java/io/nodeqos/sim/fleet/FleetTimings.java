// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long the steps of a simulated node take. Each is drawn evenly from its range; a slow node
 * takes a multiple of the draw.
 *
 * @param nodeReady from registration to the condition Ready=True
 * @param imagePull one image; a node pulls one image at a time, as kubelets do by default
 * @param podReady from a pod's containers running to its condition Ready=True
 * @param driverRegistered from the storage agent being Ready to its driver being listed in the
 *     CSINode
 */
public record FleetTimings(
    Range nodeReady, Range imagePull, Range podReady, Range driverRegistered) {

  /** A duration is drawn from here, both ends included. */
  public record Range(Duration min, Duration max) {
    public Range {
      if (min.isNegative() || max.compareTo(min) < 0) {
        throw new IllegalArgumentException(
            "range " + min + " to " + max + " must be 0 <= min <= max");
      }
    }

    /** Both ends in milliseconds. */
    public static Range ofMillis(long min, long max) {
      return new Range(Duration.ofMillis(min), Duration.ofMillis(max));
    }

    /** A duration that only the seed and the name decide. */
    Duration drawn(long seed, String name) {
      long mixed = seed * 0x9E3779B97F4A7C15L + name.hashCode();
      return at(new SplittableRandom(mixed).nextDouble());
    }

    Duration at(double fraction) {
      return min.plusMillis(Math.round(max.minus(min).toMillis() * fraction));
    }
  }

  /** A small cloud VM with steps short enough for a demo. */
  public static FleetTimings demo() {
    return new FleetTimings(
        Range.ofMillis(1_000, 4_000),
        Range.ofMillis(200, 1_500),
        Range.ofMillis(1_000, 5_000),
        Range.ofMillis(200, 1_000));
  }
}
