// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetObjects;
import io.nodeqos.sim.fleet.FleetSettings;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All objects of a cluster at one moment, as Kubernetes has them.
 *
 * @param collections by path of the collection
 */
public record ClusterObjects(Instant at, Map<String, List<JsonObject>> collections) {
  static final List<String> COLLECTIONS =
      List.of(
          CacheFeed.NAMESPACES,
          CacheFeed.NODES,
          CacheFeed.CSI_NODES,
          CacheFeed.DAEMON_SETS,
          CacheFeed.PODS,
          CacheFeed.REVISIONS,
          CacheFeed.POLICIES);

  /** A fleet that has been running for a while without this controller. */
  public static ClusterObjects madeUp(FleetSettings fleet, String ownNamespace, Instant at) {
    FleetObjects objects = FleetObjects.of(fleet, at.truncatedTo(ChronoUnit.SECONDS).toString());
    Map<String, List<JsonObject>> all = new LinkedHashMap<>();
    all.put(CacheFeed.NAMESPACES, List.of(namespace(ownNamespace, false)));
    all.put(CacheFeed.NODES, objects.nodes());
    all.put(CacheFeed.CSI_NODES, objects.csiNodes());
    all.put(CacheFeed.DAEMON_SETS, objects.daemonSets());
    all.put(CacheFeed.PODS, objects.pods());
    return new ClusterObjects(at, all);
  }

  /** The present objects of a simulated cluster. */
  public static ClusterObjects of(VirtualApi api, Instant at) {
    Map<String, List<JsonObject>> all = new LinkedHashMap<>();
    for (String collection : COLLECTIONS) {
      all.put(collection, api.objects(collection).stream().map(StoredObject::parse).toList());
    }
    return new ClusterObjects(at, all);
  }

  public static JsonObject namespace(String name, boolean reserved) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", name);
    metadata.addProperty("uid", "namespace-" + name);
    JsonObject labels = new JsonObject();
    if (reserved) {
      labels.addProperty(Keys.RESERVED, "true");
    }
    metadata.add("labels", labels);
    JsonObject status = new JsonObject();
    status.addProperty("phase", "Active");
    JsonObject namespace = new JsonObject();
    namespace.addProperty("apiVersion", "v1");
    namespace.addProperty("kind", "Namespace");
    namespace.add("metadata", metadata);
    namespace.add("spec", new JsonObject());
    namespace.add("status", status);
    return namespace;
  }

  public List<JsonObject> in(String collection) {
    return collections.getOrDefault(collection, List.of());
  }
}
