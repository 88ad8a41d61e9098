// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.sim.fleet.FleetMix;
import io.nodeqos.sim.fleet.FleetSettings;
import io.nodeqos.sim.fleet.FleetTimings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a demo run.
 *
 * @param replicas of the controller
 * @param killLeader whether the leader is killed when half of the nodes are warm
 * @param jaeger the script that runs the Jaeger for the traces; empty for no traces
 */
record DemoOptions(
    int nodes, long seed, boolean stay, int replicas, boolean killLeader, Optional<Path> jaeger) {

  // A real kubelet writes an unchanged status every 5 minutes; here often enough to be visible.
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /** The time limit until all expected nodes are warm. */
  Duration limit() {
    return Duration.ofMinutes(2).plusMillis(100L * nodes);
  }

  /** The fleet, whose nodes' boot scripts pull these images, by pool. */
  FleetSettings fleet(Map<String, List<String>> bootImages) {
    int stuck = nodes > 1 ? 1 : 0;
    return new FleetSettings(
        nodes,
        seed,
        FleetSettings.demoJoinOver(nodes),
        HEARTBEAT,
        new FleetMix(0.2, 0.05, 3, stuck, false, bootImages),
        FleetTimings.demo());
  }
}
