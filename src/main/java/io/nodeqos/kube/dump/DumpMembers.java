// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;

/** The names of the members of a dump, and the objects that are made for it. */
final class DumpMembers {
  static final String SETTINGS = "settings.yaml";
  static final String NODES = "nodes.json";
  static final String CSI_NODES = "csinodes.json";
  static final String NAMESPACES = "namespaces.json";
  static final String POLICIES = "nodeqospolicies.json";
  static final String REVISIONS = "controllerrevisions.json";
  static final String SPINNERS = "spinners.json";
  static final String SPINNER_PODS = "spinner-pods.json";
  static final String LEASES = "leases.json";
  static final String EVENTS = "events.json";
  static final String HISTORY = "history.json";
  static final String REQUESTS = "requests.json";

  static final String PODS_OF = "pods.";
  static final String DAEMON_SETS_OF = "daemonsets.";
  static final String JSON = ".json";

  private DumpMembers() {}

  static String pods(String namespace) {
    return PODS_OF + namespace + JSON;
  }

  static String daemonSets(String namespace) {
    return DAEMON_SETS_OF + namespace + JSON;
  }

  /** A pod with nothing but its name, its node and its requests. */
  static JsonObject pod(ExtendedRequest request) {
    JsonObject meta = new JsonObject();
    meta.addProperty("namespace", request.namespace());
    meta.addProperty("name", request.pod());
    // No decision depends on it, and each object has one.
    meta.addProperty("resourceVersion", "0");
    JsonObject requests = new JsonObject();
    request.requests().forEach((name, amount) -> requests.addProperty(name, amount.toString()));
    JsonObject resources = new JsonObject();
    resources.add("requests", requests);
    JsonObject container = new JsonObject();
    container.add("resources", resources);
    JsonArray containers = new JsonArray();
    containers.add(container);
    JsonObject spec = new JsonObject();
    spec.addProperty("nodeName", request.node());
    spec.add("containers", containers);
    JsonObject pod = new JsonObject();
    pod.addProperty("apiVersion", "v1");
    pod.addProperty("kind", "Pod");
    pod.add("metadata", meta);
    pod.add("spec", spec);
    return pod;
  }
}
