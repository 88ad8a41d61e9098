// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import com.google.gson.JsonObject;
import io.nodeqos.events.QosEvent.ObjectId;

/**
 * A reference to an object of the cluster, as in Events.
 *
 * @param uid the object's real one: kubectl asks for Events by it; empty when it is not known
 */
record ObjectRef(String apiVersion, String kind, String name, String uid) {

  static ObjectRef node(ObjectId node) {
    return new ObjectRef("v1", "Node", node.name(), node.uid());
  }

  static ObjectRef policy(ObjectId policy) {
    return new ObjectRef("nodeqos.io/v1alpha1", "NodeQoSPolicy", policy.name(), policy.uid());
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("apiVersion", apiVersion);
    json.addProperty("kind", kind);
    json.addProperty("name", name);
    if (!uid.isEmpty()) {
      json.addProperty("uid", uid);
    }
    return json;
  }
}
