// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetDaemonSets;
import io.nodeqos.sim.fleet.FleetObjects;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.store.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What others than the controller do to a cluster. */
final class ClusterActs {
  private static final int JOINED = 10;

  private final FaultCluster cluster;

  ClusterActs(FaultCluster cluster) {
    this.cluster = cluster;
  }

  static String quota(int percent) {
    return "'reservation': {'cpu': '200m'}, 'quota': {'classes': [{'name': 'gold', 'advertise':"
        + " {'cpu': '%d%%'}}]}".formatted(percent);
  }

  static String images(String... refs) {
    return "'images': [%s]"
        .formatted(String.join(", ", Stream.of(refs).map("{'ref': '%s'}"::formatted).toList()));
  }

  static String gates() {
    return ", 'warmUp': {'taintNewNodes': true, 'nodeReady': {}, 'reservedPods': [{'namespace':"
        + " 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cilium'}}}], 'csiDrivers':"
        + " [{'name': 'csi.example.com'}], 'images': {}}";
  }

  static String continuous() {
    return gates().replace("{'taint", "{'mode': 'Continuous', 'taint");
  }

  static String steps() {
    return ", 'rollout': {'steps': [{'nodes': 1}, {'nodes': '50%', 'pause': {'duration': '3s'}}],"
        + " 'maxConcurrent': 2, 'health': {'for': '2s'}}";
  }

  void policy(String name, String spec) {
    awaitDeletion(name);
    JsonObject sections = JsonParser.parseString("{" + spec + "}").getAsJsonObject();
    Optional<StoredObject> present = cluster.api.object(CacheFeed.POLICIES, "", name);
    JsonObject policy =
        present
            .map(StoredObject::parse)
            .orElseGet(
                () ->
                    JsonParser.parseString(
                            "{'apiVersion': 'nodeqos.io/v1alpha1', 'kind': 'NodeQoSPolicy',"
                                + " 'metadata': {'name': '%s'}}".formatted(name))
                        .getAsJsonObject());
    policy.add("spec", sections);
    FleetClient.Reply reply =
        present.isEmpty()
            ? cluster.api.create(CacheFeed.POLICIES, policy)
            : cluster.api.update(CacheFeed.POLICIES + "/" + name, policy);
    assertTrue(reply.ok(), reply::message);
  }

  /** A policy that is being deleted is there until its nodes are clean. */
  private void awaitDeletion(String policy) {
    for (int i = 0; i < 100 && isBeingDeleted(policy); i++) {
      cluster.run(Duration.ofSeconds(1));
    }
  }

  private boolean isBeingDeleted(String policy) {
    return cluster
        .api
        .object(CacheFeed.POLICIES, "", policy)
        .filter(p -> !Json.string(p.parse(), "metadata", "deletionTimestamp").isEmpty())
        .isPresent();
  }

  void delete(String policy) {
    cluster.api.delete(CacheFeed.POLICIES + "/" + policy);
  }

  void join(boolean tainted) {
    JsonObject like = cluster.api.objects(CacheFeed.NODES).get(0).parse();
    cluster.fleet.join(
        like,
        JOINED,
        tainted ? Optional.of(FleetObjects.startupTaint()) : Optional.empty(),
        StorageAgents.of(cluster.api).on(Json.string(like, "metadata", "name")),
        Duration.ZERO);
  }

  void reboot(int node) {
    try {
      cluster.fleet.reboot(cluster.api.objects(CacheFeed.NODES).get(node).key().name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The network agents of the first nodes fail, and stay so. */
  void failAgents(int nodes) {
    List<String> failing =
        cluster.api.objects(CacheFeed.NODES).stream()
            .limit(nodes)
            .map(node -> node.key().name())
            .toList();
    for (StoredObject stored : cluster.api.objects(CacheFeed.PODS)) {
      JsonObject pod = stored.parse();
      boolean network =
          FleetDaemonSets.NETWORK_AGENT.equals(Json.string(pod, "metadata", "labels", "k8s-app"));
      if (network && failing.contains(Json.string(pod, "spec", "nodeName"))) {
        cluster.fleet.fail(pod);
      }
    }
  }

  /** A person reads the token of the brake and confirms it. */
  void confirm(String policy) {
    // There is a leader again, and it has seen enough to say it.
    cluster.run(Duration.ofSeconds(60));
    JsonObject object = cluster.api.object(CacheFeed.POLICIES, "", policy).orElseThrow().parse();
    String token = Json.string(object, "status", "brake", "token");
    JsonObject patch = new JsonObject();
    Json.childObject(Json.childObject(patch, "metadata"), "annotations")
        .addProperty(Keys.CONFIRM, token);
    cluster.api.patch(CacheFeed.POLICIES + "/" + policy, FleetClient.PatchType.MERGE, patch);
  }
}
