// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.cli.demo.cluster.ControllerProcess;
import io.nodeqos.cli.demo.cluster.DemoCluster;
import io.nodeqos.cli.demo.cluster.DemoPod;
import io.nodeqos.cli.demo.cluster.DemoPolicies;
import io.nodeqos.cli.demo.cluster.RunningParts;
import io.nodeqos.cli.demo.cluster.YamlObjects;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.sim.fleet.Fleet;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetMix;
import io.nodeqos.sim.fleet.FleetSettings;
import io.nodeqos.sim.fleet.FleetTimings;
import io.nodeqos.sim.fleet.FleetWatch;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The running parts: the embedded API, replicas of the controller as processes of their own,
 * simulated nodes and their agents, and a watch of the nodes.
 */
final class RolloutStage {
  private static final String POLICY = "base";
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final String CONTROLLER = "node-qos-controller/";

  private final Path directory;
  private final RunningParts parts;
  private final DemoCluster cluster;
  private final List<ControllerProcess> controllers = new ArrayList<>();
  private final RevisionRecord record = new RevisionRecord(POLICY);

  private RolloutStage(Path directory, RunningParts parts, DemoCluster cluster) {
    this.directory = directory;
    this.parts = parts;
    this.cluster = cluster;
  }

  /**
   * Starts the API server and applies the policy.
   *
   * @param directory takes the kubeconfig and the logs of the controllers
   * @param parts takes everything that runs
   */
  static RolloutStage open(Path directory, RunningParts parts)
      throws IOException, InterruptedException {
    DemoCluster cluster = parts.own(DemoCluster.start());
    RolloutStage stage = new RolloutStage(directory, parts, cluster);
    Files.writeString(stage.kubeconfig(), cluster.server().kubeconfig());
    cluster.prepare(YamlObjects.read("/io/nodeqos/cli/demo/rollout/policy.yaml"));
    return stage;
  }

  /** Starts the replicas and lets the nodes join. Returns the fleet. */
  Fleet start(int nodes, long seed, int replicas) throws IOException {
    for (int i = 0; i < replicas; i++) {
      DemoPod pod = new DemoPod("node-qos-controller-" + i, UUID.randomUUID().toString());
      Path log = directory.resolve(pod.name() + ".log");
      controllers.add(
          parts.own(
              ControllerProcess.start(pod.spec(kubeconfig(), log, replicas, Optional.empty()))));
    }
    parts.own(new FleetWatch(cluster.admin(), "/api/v1/nodes", record)).start();
    NodeAgents agents = parts.own(new NodeAgents(cluster.admin()));
    parts.own(new FleetWatch(cluster.admin(), "/api/v1/nodes", agents)).start();
    FleetSettings settings =
        new FleetSettings(
            nodes,
            seed,
            FleetSettings.demoJoinOver(nodes),
            HEARTBEAT,
            new FleetMix(0, 0, 1, 0, false, Map.of()),
            FleetTimings.demo());
    Fleet fleet = parts.own(Fleet.of(cluster.server().uri(), settings, TimeSource.system()));
    fleet.start();
    return fleet;
  }

  /** The edits: the good one, and the bad one. */
  static List<JsonObject> changes() throws IOException {
    return YamlObjects.read("/io/nodeqos/cli/demo/rollout/changes.yaml");
  }

  /** Edits the policy. */
  void edit(JsonObject change) throws IOException {
    cluster.admin().patch(path(), PatchType.MERGE, change).expect("the edit of the policy", 200);
  }

  /** The record in the status of the policy; empty without one. */
  Optional<RolloutState> rollout() throws IOException {
    return cluster.admin().get(path()).body().get("status") instanceof JsonObject status
        ? RolloutJson.in(status)
        : Optional.empty();
  }

  /** The writes of the controller to Nodes in this time. */
  int writesToNodes(Instant from, Instant until) {
    return (int)
        cluster.server().requests().since(from).stream()
            .filter(r -> r.received().isBefore(until) && r.code() / 100 == 2)
            .filter(r -> r.resource().equals("nodes") && r.group().isEmpty())
            .filter(r -> r.verb().equals("patch") || r.verb().equals("update"))
            .filter(r -> r.userAgent().startsWith(CONTROLLER))
            .count();
  }

  RevisionRecord record() {
    return record;
  }

  List<ControllerProcess> controllers() {
    return controllers;
  }

  /** Why the run cannot go on. */
  Optional<String> problem(Fleet fleet) {
    return controllers.stream()
        .filter(one -> one.exitCode().isPresent())
        .findFirst()
        .map(one -> one.name() + " ended with exit code " + one.exitCode().getAsInt())
        .or(() -> fleet.problem().map(p -> "the simulated nodes failed: " + p))
        .or(
            () ->
                record.isInterrupted()
                    ? Optional.of("the watch of the nodes was interrupted, so writes are missing")
                    : Optional.empty());
  }

  Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  private static String path() {
    return DemoPolicies.COLLECTION + "/" + POLICY;
  }
}
