// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import java.time.Duration;

/**
 * The settings of a {@link Fleet}. The same settings give the same nodes with the same delays.
 *
 * @param nodes how many nodes join, at least 1
 * @param seed of all random values
 * @param joinOver from the first node's registration to the last one's
 * @param heartbeat how often a kubelet writes its node's unchanged status
 */
public record FleetSettings(
    int nodes,
    long seed,
    Duration joinOver,
    Duration heartbeat,
    FleetMix mix,
    FleetTimings timings) {

  public FleetSettings {
    if (nodes < 1) {
      throw new IllegalArgumentException("nodes is " + nodes + ", must be at least 1");
    }
    if (mix.stuckNodes() >= nodes) {
      throw new IllegalArgumentException(
          "stuckNodes is " + mix.stuckNodes() + ", must be less than the " + nodes + " nodes");
    }
    if (joinOver.isNegative() || heartbeat.toMillis() < 1) {
      throw new IllegalArgumentException(
          "joinOver is "
              + joinOver
              + " and heartbeat "
              + heartbeat
              + ", must not be negative or 0");
    }
  }

  /**
   * How long a fleet of this size takes to join in a demo: 10 s for 200 nodes, 60 s for 2,000, as
   * fast as a large scale-up of a cloud's node group.
   */
  public static Duration demoJoinOver(int nodes) {
    return Duration.ofMillis(50L * Math.min(nodes, 200) + 28L * Math.max(0, nodes - 200));
  }
}
