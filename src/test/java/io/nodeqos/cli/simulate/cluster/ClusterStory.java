// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.sim.fleet.FleetMix;
import io.nodeqos.sim.fleet.FleetSettings;
import io.nodeqos.sim.fleet.FleetTimings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A scenario on a cluster, with or without a disturbance. */
final class ClusterStory {
  private static final Duration SETTLING = Duration.ofMinutes(4);
  private static final Duration QUIET = Duration.ofMinutes(25);

  /** One that is refused is tried again each minute at most. */
  private static final long REQUESTS_IN_QUIET = QUIET.toMinutes() + 1;

  final FaultCluster cluster;
  private final ClusterScenario scenario;
  private Map<String, String> end = Map.of();

  /** What a plan does to a story. */
  interface Disturbance {
    Disturbance NONE = new Disturbance() {};

    /** Before an act. */
    default void before(int act, FaultCluster cluster) {}

    /** After an act, when its time has passed. */
    default void after(int act, FaultCluster cluster) {}

    /** What stands between the controller and the server from the beginning. */
    default ControllerRequests.Fault requests(FaultCluster cluster) {
      return ControllerRequests.Fault.NONE;
    }
  }

  private ClusterStory(ClusterScenario scenario, FaultCluster cluster) {
    this.scenario = scenario;
    this.cluster = cluster;
  }

  static ClusterStory of(Program program, ClusterScenario scenario) {
    FleetSettings fleet =
        new FleetSettings(
            scenario.nodes,
            1,
            Duration.ZERO,
            Duration.ofMinutes(5),
            new FleetMix(0, 0, 1, 0, false, Map.of()),
            FleetTimings.demo());
    return new ClusterStory(
        scenario,
        FaultCluster.of(
            program,
            ClusterObjects.madeUp(
                fleet, FaultCluster.NAMESPACE, Instant.parse("2026-01-01T00:00:00Z")),
            new ClusterRules(scenario.images)));
  }

  ClusterStory play(Disturbance disturbance) {
    cluster.requests.disturbedBy(disturbance.requests(cluster));
    for (int act = 0; act < scenario.size(); act++) {
      cluster.awaitLeader();
      disturbance.before(act, cluster);
      scenario.act(act, cluster);
      disturbance.after(act, cluster);
    }
    cluster.run(SETTLING);
    cluster.requests.disturbedBy(ControllerRequests.Fault.NONE);
    end = new ClusterEnd(cluster.api).describe();
    int writes = cluster.requests.writes();
    int requests = cluster.requests.all();
    cluster.run(QUIET);
    assertEquals(
        writes,
        cluster.requests.writes(),
        () -> "writes in quiet:\n  " + cluster.requests.lately());
    assertTrue(
        cluster.requests.all() - requests <= REQUESTS_IN_QUIET,
        () -> "requests in quiet:\n  " + cluster.requests.lately());
    assertTrue(cluster.leader().isPresent(), "no leader at the end");
    return this;
  }

  Map<String, String> end() {
    return end;
  }
}
