// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.sim.fleet.FleetDaemonSets;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.fleet.FleetMix;
import io.nodeqos.sim.fleet.FleetSettings;
import io.nodeqos.sim.fleet.FleetTimings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The objects of a cluster before its controller starts. */
final class OddObjects {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Map<String, List<JsonObject>> collections = new HashMap<>();
  private final Set<String> reserved = new TreeSet<>(Set.of(FleetDaemonSets.NAMESPACE));
  private final Map<String, JsonObject> podsOfNodes = new HashMap<>();

  private OddObjects() {}

  /** Ready nodes with their agents. */
  static OddObjects fleet(int nodes) {
    OddObjects objects = new OddObjects();
    ClusterObjects.madeUp(
            new FleetSettings(
                nodes,
                1,
                Duration.ZERO,
                Duration.ofMinutes(5),
                new FleetMix(0, 0, 1, 0, false, Map.of()),
                FleetTimings.demo()),
            "nodeqos-system",
            START)
        .collections()
        .forEach((path, all) -> objects.collections.put(path, new ArrayList<>(all)));
    for (JsonObject pod : objects.in(CacheFeed.PODS)) {
      objects.podsOfNodes.put(FleetJson.text(pod, "spec", "nodeName"), pod);
    }
    return objects;
  }

  List<JsonObject> in(String collection) {
    return collections.getOrDefault(collection, List.of());
  }

  Set<String> reserved() {
    return Set.copyOf(reserved);
  }

  String node(int index) {
    return FleetJson.name(in(CacheFeed.NODES).get(index));
  }

  /** Changes the metadata of each node. */
  OddObjects nodes(BiConsumer<Integer, JsonObject> change) {
    List<JsonObject> nodes = in(CacheFeed.NODES);
    for (int i = 0; i < nodes.size(); i++) {
      change.accept(i, nodes.get(i).getAsJsonObject("metadata"));
    }
    return this;
  }

  static void label(JsonObject metadata, String key, String value) {
    metadata.getAsJsonObject("labels").addProperty(key, value);
  }

  OddObjects reserve(String namespace) {
    reserved.add(namespace);
    collections.get(CacheFeed.NAMESPACES).add(ClusterObjects.namespace(namespace, true));
    return this;
  }

  /** A Ready pod without an owner. */
  OddObjects pod(String namespace, String name, String node, String cpu) {
    collections.get(CacheFeed.PODS).add(made(namespace, name, node, cpu));
    return this;
  }

  /** A pod without an owner that its kubelet has not started. */
  OddObjects newPod(String namespace, String name, String node, String cpu) {
    collections.get(CacheFeed.PODS).add(created(namespace, name, node, cpu));
    return this;
  }

  JsonObject created(String namespace, String name, String node, String cpu) {
    JsonObject pod = made(namespace, name, node, cpu);
    pod.remove("status");
    return pod;
  }

  /** Like a pod that runs on the node. */
  private JsonObject made(String namespace, String name, String node, String cpu) {
    JsonObject pod = podsOfNodes.get(node).deepCopy();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", name);
    metadata.addProperty("namespace", namespace);
    metadata.addProperty("uid", namespace + "-" + name);
    metadata.addProperty("creationTimestamp", START.toString());
    JsonObject labels = new JsonObject();
    labels.addProperty("k8s-app", name);
    labels.addProperty("tier", "system");
    metadata.add("labels", labels);
    pod.add("metadata", metadata);
    JsonObject requests = new JsonObject();
    requests.addProperty("cpu", cpu);
    JsonObject resources = new JsonObject();
    resources.add("requests", requests);
    JsonArray containers = pod.getAsJsonObject("spec").getAsJsonArray("containers");
    containers.get(0).getAsJsonObject().add("resources", resources);
    return pod;
  }

  static JsonObject policy(String name, String spec) {
    JsonObject policy =
        JsonParser.parseString(
                "{'apiVersion': 'nodeqos.io/v1alpha1', 'kind': 'NodeQoSPolicy', 'metadata':"
                    + " {'name': '%s'}}".formatted(name))
            .getAsJsonObject();
    policy.add("spec", JsonParser.parseString(spec));
    return policy;
  }
}
