// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.realapi.ControlPlane;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/** One node of 8 cores and 32 GiB, one policy for it, and pods; all of one random name. */
public final class QosWorld {
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";

  private final String name = "qos-" + UUID.randomUUID().toString().substring(0, 8);
  private final Api admin;

  public QosWorld(ControlPlane plane) {
    this.admin = Api.admin(plane);
  }

  /** Of the node, the policy, the namespace and the label {@code qos} of the node. */
  public String name() {
    return name;
  }

  /**
   * @param spec JSON with single quotes, without the node selector
   */
  public void createPolicy(String spec) {
    JsonObject policy =
        JsonParser.parseString(
                """
                {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
                 "metadata": {"name": "%s"}}"""
                    .formatted(name))
            .getAsJsonObject();
    policy.add("spec", spec(spec));
    admin.post(POLICIES, policy.toString()).succeeded();
  }

  /** Replaces its spec, whatever the controller writes to its status meanwhile. */
  public void changePolicy(String spec) {
    String patch = "[{\"op\": \"replace\", \"path\": \"/spec\", \"value\": " + spec(spec) + "}]";
    admin.send("PATCH", POLICIES + "/" + name, "application/json-patch+json", patch).succeeded();
  }

  private JsonObject spec(String text) {
    JsonObject spec = JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    spec.add(
        "nodeSelector",
        JsonParser.parseString("{\"matchLabels\": {\"qos\": \"%s\"}}".formatted(name)));
    return spec;
  }

  /** Ready, with the startup taint. */
  public void createNode() {
    admin
        .post(
            "/api/v1/nodes",
            """
            {"metadata": {"name": "%1$s", "labels": {"qos": "%1$s"}},
             "spec": {"taints": [{"key": "nodeqos.io/warming-up", "effect": "NoSchedule"}]}}"""
                .formatted(name))
        .succeeded();
    status(
        """
        {"nodeInfo": {"bootID": "boot-1"},
         "capacity": {"cpu": "8", "memory": "32Gi", "pods": "110"},
         "allocatable": {"cpu": "8", "memory": "32Gi", "pods": "110"},
         "conditions": [{"type": "Ready", "status": "True"}]}""");
  }

  /** A write of a kubelet. */
  public void status(String status) {
    admin
        .strategic("/api/v1/nodes/" + name + "/status", "{\"status\": " + status + "}")
        .succeeded();
  }

  /** A write of an operator. */
  public void mergeNode(String patch) {
    admin.merge("/api/v1/nodes/" + name, patch).succeeded();
  }

  public JsonObject node() {
    return admin.get("/api/v1/nodes/" + name).succeeded().json();
  }

  public JsonObject nodeUntil(String description, Predicate<JsonObject> wanted) {
    return Poll.until(description, this::node, wanted);
  }

  /** The configuration annotation, empty when there is none. */
  public static JsonObject config(JsonObject node) {
    String text = annotation(node, "nodeqos.io/config");
    return text.isEmpty() ? new JsonObject() : JsonParser.parseString(text).getAsJsonObject();
  }

  public static String annotation(JsonObject node, String key) {
    return World.text(node, "metadata", "annotations", key);
  }

  /** A resource of this name both in capacity and allocatable, or "differs". */
  public static String resource(JsonObject node, String resource) {
    String capacity = World.text(node, "status", "capacity", resource);
    return capacity.equals(World.text(node, "status", "allocatable", resource))
        ? capacity
        : "differs";
  }

  public static Set<String> ownResources(JsonObject node) {
    Set<String> own = new TreeSet<>();
    node.getAsJsonObject("status").getAsJsonObject("allocatable").keySet().stream()
        .filter(resource -> resource.startsWith("nodeqos.io/"))
        .forEach(own::add);
    return own;
  }

  public static boolean isWarm(JsonObject node) {
    return World.label(node, "nodeqos.io/warmed-up").equals("true");
  }

  /** With the ServiceAccount that no controller makes here. */
  public void createNamespace(boolean reserved) {
    admin
        .post(
            "/api/v1/namespaces",
            """
            {"metadata": {"name": "%s", "labels": {"nodeqos.io/reserved": "%s"}}}"""
                .formatted(name, reserved))
        .succeeded();
    Poll.until(
        "ServiceAccount",
        () ->
            admin
                .post(
                    "/api/v1/namespaces/" + name + "/serviceaccounts",
                    "{\"metadata\": {\"name\": \"default\"}}")
                .code(),
        code -> code == 201 || code == 409);
  }

  /**
   * @param spec JSON with single quotes
   */
  public void createPod(String pod, String spec) {
    admin
        .post(
            "/api/v1/namespaces/" + name + "/pods",
            "{\"metadata\": {\"name\": \"%s\"}, \"spec\": %s}"
                .formatted(pod, spec.replace('\'', '"')))
        .succeeded();
  }

  public void podStatus(String pod, String status) {
    admin
        .strategic(
            "/api/v1/namespaces/" + name + "/pods/" + pod + "/status",
            "{\"status\": %s}".formatted(status.replace('\'', '"')))
        .succeeded();
  }

  public void deletePod(String pod) {
    admin
        .delete("/api/v1/namespaces/" + name + "/pods/" + pod + "?gracePeriodSeconds=0")
        .succeeded();
  }

  public JsonObject pod(String pod) {
    return admin.get("/api/v1/namespaces/" + name + "/pods/" + pod).succeeded().json();
  }

  /** One field of one condition of a pod, "" when there is none. */
  public static String podCondition(JsonObject pod, String type, String field) {
    JsonElement conditions = pod.getAsJsonObject("status").get("conditions");
    if (conditions != null) {
      for (JsonElement condition : conditions.getAsJsonArray()) {
        if (World.text(condition.getAsJsonObject(), "type").equals(type)) {
          return World.text(condition.getAsJsonObject(), field);
        }
      }
    }
    return "";
  }

  public void remove() {
    admin.delete(POLICIES + "/" + name);
    admin.delete("/api/v1/nodes/" + name);
    admin.delete("/api/v1/namespaces/" + name);
  }
}
