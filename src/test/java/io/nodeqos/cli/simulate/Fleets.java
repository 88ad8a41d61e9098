// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
import io.nodeqos.cli.simulate.SimulationInput.Course;
import io.nodeqos.cli.simulate.SimulationInput.Joins;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.cli.simulate.cluster.VirtualCluster.Installation;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.preview.edit.PolicyParser;
import io.nodeqos.sim.fleet.FleetMix;
import io.nodeqos.sim.fleet.FleetObjects;
import io.nodeqos.sim.fleet.FleetSettings;
import io.nodeqos.sim.fleet.FleetTimings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small made-up fleets for tests. */
final class Fleets {
  static final String NAMESPACE = "nodeqos-system";
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Quotas, a reservation, and gates that made-up nodes pass at once. */
  static final String BASE =
      """
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: base}
      spec:
        reservation: {cpu: 200m, memory: 2%}
        quota:
          classes:
            - name: gold
              cpu: {weight: 800, max: 50%}
              advertise: {cpu: 50%, memory: 50%}
        warmUp:
          nodeReady: {}
          reservedPods:
            - namespace: kube-system
              selector: {matchLabels: {k8s-app: cilium}}
          csiDrivers:
            - name: csi.example.com
      """;

  /** Three steps of the same policy. */
  static final String ROLLOUT =
      """
        rollout:
          steps: [{nodes: 2}, {nodes: 50%}]
          maxConcurrent: 3
          health: {for: 1s}
      """;

  private Fleets() {}

  static FleetSettings settings(int nodes, int stuck) {
    return new FleetSettings(
        nodes,
        1,
        Duration.ZERO,
        Duration.ofMinutes(5),
        new FleetMix(0.2, 0, 1, stuck, false, Map.of()),
        FleetTimings.demo());
  }

  static ClusterObjects objects(int nodes) {
    return ClusterObjects.madeUp(settings(nodes, 0), NAMESPACE, START);
  }

  static Installation installation() {
    return new Installation(NAMESPACE, InputFiles.settings(Optional.empty(), Optional.empty()));
  }

  static List<PolicyDocument> policies(String yaml) {
    PolicyParser parser = new PolicyParser();
    parser.parse("policies.yaml", yaml);
    try {
      return parser.documents();
    } catch (InvalidEditsException e) {
      throw new AssertionError(e);
    }
  }

  /** Ten minutes. */
  static SimulationInput input(ClusterObjects objects, String policies, Joins joins) {
    JsonObject taint = FleetObjects.startupTaint();
    return new SimulationInput(
        objects,
        installation(),
        InputFiles.crd(),
        policies(policies),
        new Course(Duration.ofMinutes(10), joins, FleetTimings.demo(), Optional.of(taint), 1),
        List.of());
  }
}
