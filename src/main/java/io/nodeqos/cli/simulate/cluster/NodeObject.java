// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Quantity;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** The Node and the CSINode of a snapshot, with the fields that decisions depend on. */
final class NodeObject {
  private NodeObject() {}

  static JsonObject of(NodeView view) {
    JsonObject metadata =
        ApiObject.metadata(view.name(), view.meta().uid(), view.meta().createdAt());
    metadata.add("labels", ApiObject.strings(view.labels()));
    metadata.add("annotations", ApiObject.strings(view.annotations()));
    if (view.meta().deleting()) {
      metadata.addProperty("deletionTimestamp", view.meta().createdAt().toString());
    }
    JsonArray taints = new JsonArray();
    view.taints().forEach(taint -> taints.add(JsonParser.parseString(taint.json())));
    JsonObject spec = new JsonObject();
    spec.add("taints", taints);
    JsonObject status = new JsonObject();
    status.add("capacity", quantities(view.status().capacity()));
    status.add("allocatable", quantities(view.status().allocatable()));
    JsonArray conditions = new JsonArray();
    view.status()
        .conditions()
        .values()
        .forEach(condition -> conditions.add(of(condition, view.meta().statusReportedAt())));
    status.add("conditions", conditions);
    JsonArray images = new JsonArray();
    for (String image : view.status().images()) {
      JsonArray names = new JsonArray();
      names.add(image);
      JsonObject entry = new JsonObject();
      entry.add("names", names);
      images.add(entry);
    }
    status.add("images", images);
    JsonObject info = new JsonObject();
    info.addProperty("bootID", view.status().bootId());
    info.addProperty("kubeletVersion", view.status().software().kubeletVersion());
    info.addProperty("osImage", view.status().software().osImage());
    status.add("nodeInfo", info);
    JsonObject node = ApiObject.of("v1", "Node", metadata);
    node.add("spec", spec);
    node.add("status", status);
    return node;
  }

  private static JsonObject quantities(Map<String, Quantity> amounts) {
    JsonObject object = new JsonObject();
    amounts.forEach((resource, amount) -> object.addProperty(resource, amount.toString()));
    return object;
  }

  private static JsonObject of(NodeCondition condition, Instant reported) {
    JsonObject object = new JsonObject();
    object.addProperty("type", condition.type());
    object.addProperty("status", condition.status());
    object.addProperty("reason", condition.reason());
    object.addProperty("message", condition.message());
    if (!condition.lastTransitionTime().equals(Instant.EPOCH)) {
      object.addProperty("lastTransitionTime", condition.lastTransitionTime().toString());
    }
    if (condition.type().equals("Ready") && !reported.equals(Instant.EPOCH)) {
      object.addProperty("lastHeartbeatTime", reported.toString());
    }
    return object;
  }

  static JsonObject csiNode(String node, Set<String> drivers) {
    JsonArray all = new JsonArray();
    for (String driver : drivers) {
      JsonObject entry = new JsonObject();
      entry.addProperty("name", driver);
      entry.addProperty("nodeID", node);
      all.add(entry);
    }
    JsonObject spec = new JsonObject();
    spec.add("drivers", all);
    JsonObject csiNode =
        ApiObject.of(
            "storage.k8s.io/v1",
            "CSINode",
            ApiObject.metadata(node, "csinode-" + node, Instant.EPOCH));
    csiNode.add("spec", spec);
    return csiNode;
  }
}
