// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
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
 */
record SimulationInput(
    ClusterObjects objects,
    VirtualCluster.Installation installation,
    JsonObject crd,
    List<PolicyDocument> policies,
    Course course) {
  SimulationInput {
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

    Duration after(int index) {
      return Duration.ofNanos((long) (index / perSecond * 1e9));
    }
  }
}
