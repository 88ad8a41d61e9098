// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.cli.simulate.cluster.VirtualCluster;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.sim.fleet.FleetTimings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The input of a simulation.
 *
 * @param crd the CustomResourceDefinition of policies
 * @param policies to apply at the start
 * @param notes sentences about parts of the input that are missing, without a full stop
 */
record SimulationInput(
    ClusterObjects objects,
    VirtualCluster.Installation installation,
    JsonObject crd,
    List<PolicyDocument> policies,
    Course course,
    List<String> notes) {
  SimulationInput {
    notes = List.copyOf(notes);
    policies = List.copyOf(policies);
  }

  /**
   * The course of a simulation.
   *
   * @param startupTaint a taint with which the kubelets of new nodes register
   */
  record Course(
      Duration length,
      Joins joins,
      FleetTimings timings,
      Optional<JsonObject> startupTaint,
      long seed) {}

  /** Nodes that join at a steady rate from the start on. */
  record Joins(int count, double perSecond) {
    static final Joins NONE = new Joins(0, 1);

    private static final Duration LATEST = Duration.ofDays(365);

    Duration after(int index) {
      // A rate may be so low that no simulation is long enough.
      return Duration.ofNanos((long) Math.min(index / perSecond * 1e9, LATEST.toNanos()));
    }
  }
}
