// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import java.util.List;
import java.util.Map;

/**
 * The kinds of nodes of a fleet.
 *
 * @param gpuShare share of nodes in the pool {@code gpu}, 0 to 1; the others are in {@code general}
 * @param slowShare share of nodes whose steps take {@code slowFactor} times as long, 0 to 1
 * @param slowFactor at least 1
 * @param stuckNodes how many nodes never get their network agent Ready; fewer than the fleet has
 *     nodes
 * @param manyLabels whether nodes carry about 35 labels, as those of a managed cloud do, instead of
 *     8
 * @param bootImages by pool: the images that the node's own boot script pulls, in this order
 */
public record FleetMix(
    double gpuShare,
    double slowShare,
    double slowFactor,
    int stuckNodes,
    boolean manyLabels,
    Map<String, List<String>> bootImages) {

  public FleetMix {
    requireShare("gpuShare", gpuShare);
    requireShare("slowShare", slowShare);
    if (slowFactor < 1) {
      throw new IllegalArgumentException("slowFactor is " + slowFactor + ", must be at least 1");
    }
    if (stuckNodes < 0) {
      throw new IllegalArgumentException("stuckNodes is " + stuckNodes + ", must not be negative");
    }
    bootImages = Map.copyOf(bootImages);
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " is " + value + ", must be between 0 and 1");
    }
  }
}
