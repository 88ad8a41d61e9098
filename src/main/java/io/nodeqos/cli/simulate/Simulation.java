// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.simulate.SimulationResult.PolicyResult;
import io.nodeqos.cli.simulate.SimulationResult.WaitingGroup;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.cli.simulate.cluster.SimulatedController;
import io.nodeqos.cli.simulate.cluster.VirtualCluster;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.store.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Runs a cluster: the policies are applied at the start, and nodes join. */
final class Simulation {
  /** For the caches, the brake and unfinished work of the cluster as it was. */
  private static final Duration SETTLING = Duration.ofMinutes(1);

  private final SimulationInput input;

  Simulation(SimulationInput input) {
    this.input = input;
  }

  private Duration settling() {
    return input.objects().in(CacheFeed.POLICIES).isEmpty() ? Duration.ZERO : SETTLING;
  }

  /** In virtual time. */
  Duration length() {
    return settling().plus(input.course().length());
  }

  /** The cluster as it is before anything is changed. */
  VirtualCluster cluster() {
    return restored(input.objects());
  }

  /** A cluster with these objects, whose controller has no memory of it. */
  VirtualCluster restored(ClusterObjects objects) {
    return VirtualCluster.restore(
        objects,
        input.crd(),
        input.installation(),
        input.course().timings(),
        input.course().seed());
  }

  /**
   * Runs it to its end.
   *
   * @throws CommandException when the API server would refuse a policy
   */
  SimulationResult run(VirtualCluster cluster) {
    cluster.run(settling());
    RunRecord record = RunRecord.of(cluster);
    apply(cluster);
    join(cluster);
    cluster.run(input.course().length());
    return result(cluster, record, input.course().length());
  }

  private void apply(VirtualCluster cluster) {
    List<String> refused = new ArrayList<>();
    for (PolicyDocument document : input.policies()) {
      FleetClient.Reply reply = apply(cluster, document.object());
      if (!reply.ok()) {
        refused.add(document.origin() + ": " + FleetJson.text(reply.body(), "message"));
      }
    }
    if (!refused.isEmpty()) {
      throw CommandException.badInput("InvalidPolicy", String.join("\n", refused));
    }
  }

  private static FleetClient.Reply apply(VirtualCluster cluster, JsonObject policy) {
    String name = FleetJson.name(policy);
    Optional<StoredObject> present = cluster.api().object(CacheFeed.POLICIES, "", name);
    if (present.isEmpty()) {
      return cluster.api().create(CacheFeed.POLICIES + "?fieldValidation=Strict", policy);
    }
    JsonObject changed = present.get().parse();
    changed.add("spec", policy.get("spec"));
    for (String field : List.of("labels", "annotations")) {
      if (policy.getAsJsonObject("metadata").has(field)) {
        changed
            .getAsJsonObject("metadata")
            .add(field, policy.getAsJsonObject("metadata").get(field));
      }
    }
    return cluster
        .api()
        .update(CacheFeed.POLICIES + "/" + name + "?fieldValidation=Strict", changed);
  }

  private void join(VirtualCluster cluster) {
    SimulationInput.Joins joins = input.course().joins();
    List<String> present =
        cluster.api().objects(CacheFeed.NODES).stream().map(node -> node.key().name()).toList();
    Random random = new Random(input.course().seed());
    for (int i = 0; i < joins.count(); i++) {
      cluster.join(
          present.get(random.nextInt(present.size())),
          present.size() + i,
          input.course().startupTaint(),
          joins.after(i));
    }
  }

  /** What a cluster has come to. */
  SimulationResult result(VirtualCluster cluster, RunRecord record, Duration length) {
    Map<String, JsonObject> nodes = new LinkedHashMap<>();
    cluster
        .api()
        .objects(CacheFeed.NODES)
        .forEach(node -> nodes.put(node.key().name(), node.parse()));
    return new SimulationResult(
        length,
        record,
        nodes,
        policies(cluster.controller()),
        waiting(cluster.controller().fleet()),
        input.course().joins().count(),
        input.installation().settings().kube().writeRate().perSecond());
  }

  private static List<PolicyResult> policies(SimulatedController controller) {
    Map<String, Integer> braked = new TreeMap<>();
    for (Brake.Episode episode : controller.brake().episodes()) {
      braked.put(episode.policy(), episode.confirmed() ? 0 : episode.counts().threatened());
    }
    List<PolicyResult> results = new ArrayList<>();
    controller.policies().names().stream()
        .sorted()
        .forEach(
            name ->
                controller
                    .policies()
                    .entry(name)
                    .ifPresent(
                        entry ->
                            results.add(
                                policy(
                                    name,
                                    entry,
                                    controller.counts(entry),
                                    braked.getOrDefault(name, 0)))));
    return results;
  }

  private static PolicyResult policy(
      String name, PolicyCatalog.Entry entry, PolicyCounts counts, int braked) {
    return new PolicyResult(
        name,
        entry.problems(),
        entry.inForce().isPresent(),
        counts.nodes().matched(),
        counts.nodes().configured(),
        counts.nodes().warm(),
        counts.waiting(),
        counts.deadlocks().nodes(),
        braked);
  }

  private static List<WaitingGroup> waiting(FleetIndex fleet) {
    Map<String, WaitingGroup> groups = new LinkedHashMap<>();
    fleet.waiting(Integer.MAX_VALUE).stream()
        .sorted((a, b) -> a.node().compareTo(b.node()))
        .forEach(
            node ->
                groups.merge(
                    node.reason() + WriteResult.Rejected.shape(node.message()),
                    new WaitingGroup(node.reason(), node.message(), 1, node.node()),
                    (all, one) ->
                        new WaitingGroup(
                            all.reason(), all.message(), all.count() + 1, all.first())));
    return List.copyOf(groups.values());
  }
}
