// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.realapi.ControlPlane;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;

/** One node, the agent that it waits for and the policy that says so, made by an administrator. */
public final class World {
  private static final String FOREIGN_TAINT = "example.com/dedicated";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";

  private static final String ADMISSION =
      "/apis/admissionregistration.k8s.io/v1/validatingadmission";

  private final String name = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
  private final Api admin;

  public World(ControlPlane plane) {
    this.admin = Api.admin(plane);
  }

  public String node() {
    return name;
  }

  public String agent() {
    return name + "/agent";
  }

  /** The namespace of the agent, reserved, and a policy for the node. */
  public void createPolicy(String reservedCpu) {
    admin
        .post(
            "/api/v1/namespaces",
            """
            {"metadata": {"name": "%s", "labels": {"nodeqos.io/reserved": "true"}}}"""
                .formatted(name))
        .succeeded();
    admin
        .post(
            POLICIES,
            """
            {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
             "metadata": {"name": "%1$s"},
             "spec": {"nodeSelector": {"matchLabels": {"e2e": "%1$s"}},
               "reservation": {"cpu": "%2$s"},
               "quota": {"classes": [{"name": "gold", "advertise": {"cpu": "50%%"}}]},
               "warmUp": {"taintNewNodes": true, "nodeReady": {},
                 "reservedPods": [{"namespace": "%1$s",
                   "selector": {"matchLabels": {"app": "agent"}}}]}}}"""
                .formatted(name, reservedCpu))
        .succeeded();
  }

  public void changePolicy(String reservedCpu) {
    admin
        .merge(
            POLICIES + "/" + name,
            """
            {"spec": {"reservation": {"cpu": "%s"}}}"""
                .formatted(reservedCpu))
        .succeeded();
  }

  /** Sets the section images, or removes it with {@code null}. */
  public void setImages(String json) {
    admin.merge(POLICIES + "/" + name, "{\"spec\": {\"images\": " + json + "}}").succeeded();
  }

  /** A mistake that the schema does not see. */
  public void breakPolicy() {
    admin
        .merge(
            POLICIES + "/" + name, "{\"spec\": {\"warmUp\": {\"stableFor\": \"999999999999h\"}}}")
        .succeeded();
  }

  public void mendPolicy() {
    admin
        .merge(POLICIES + "/" + name, "{\"spec\": {\"warmUp\": {\"stableFor\": null}}}")
        .succeeded();
  }

  public void policyUntilValid() {
    Poll.until(
        "valid policy",
        () -> admin.get(POLICIES + "/" + name).succeeded().json().toString(),
        policy -> policy.contains("\"message\":\"The policy is in force.\""));
  }

  /** With deletionPolicy Remove, until it is gone and the node carries nothing of it. */
  public void deletePolicyAndAllOfIt() {
    admin.merge(POLICIES + "/" + name, "{\"spec\": {\"deletionPolicy\": \"Remove\"}}").succeeded();
    Poll.until(
        "finalizer",
        () -> admin.get(POLICIES + "/" + name).succeeded().body(),
        policy -> policy.contains(DeletionRig.FINALIZER));
    admin.delete(POLICIES + "/" + name).succeeded();
    Poll.until(
        "end of the policy", () -> admin.get(POLICIES + "/" + name).code(), code -> code == 404);
    Assertions.assertEquals(List.of(), DeletionRig.ours(readNode()));
    Assertions.assertTrue(hasForeignTaint(readNode()), "another owner's taint is gone");
  }

  public void createNode() {
    admin
        .post(
            "/api/v1/nodes",
            """
            {"metadata": {"name": "%1$s", "labels": {"e2e": "%1$s"}},
             "spec": {"taints": [{"key": "%2$s", "effect": "PreferNoSchedule"}]}}"""
                .formatted(name, FOREIGN_TAINT))
        .succeeded();
    admin
        .strategic(
            "/api/v1/nodes/" + name + "/status",
            """
            {"status": {"nodeInfo": {"bootID": "boot-1"},
              "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110"},
              "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
              "conditions": [%s]}}"""
                .formatted(Kubelet.condition("Ready", true)))
        .succeeded();
  }

  /** A pod of the reserved namespace on the node, not ready yet. */
  public void createAgent() {
    String path = "/api/v1/namespaces/" + name;
    admin.defaultServiceAccount(name);
    admin
        .post(
            path + "/pods",
            """
            {"metadata": {"name": "agent", "labels": {"app": "agent"}},
             "spec": {"nodeName": "%s", "containers": [{"name": "c", "image": "i"}]}}"""
                .formatted(name))
        .succeeded();
  }

  public void makeAgentReady() {
    runAgent(true);
  }

  /** Its containers have started. */
  public void runAgent(boolean ready) {
    admin
        .strategic(
            "/api/v1/namespaces/" + name + "/pods/agent/status",
            """
            {"status": %s}"""
                .formatted(Kubelet.pod(ready)))
        .succeeded();
  }

  /** Many small changes by another writer, as fast as the server takes them. */
  public void disturbNode() {
    for (int i = 0; i < 100; i++) {
      admin
          .merge(
              "/api/v1/nodes/" + name,
              "{\"metadata\": {\"annotations\": {\"example.com/count\": \"" + i + "\"}}}")
          .succeeded();
    }
  }

  /** From now on the server refuses every change of the node but those of its status. */
  public void refuseChanges() {
    admin
        .post(
            ADMISSION + "policies",
            """
            {"metadata": {"name": "%1$s"},
             "spec": {"matchConstraints": {"resourceRules": [{"apiGroups": [""],
                 "apiVersions": ["v1"], "resources": ["nodes"], "resourceNames": ["%1$s"],
                 "operations": ["UPDATE"]}]},
               "validations": [{"expression": "false", "message": "Not now."}]}}"""
                .formatted(name))
        .succeeded();
    admin
        .post(
            ADMISSION + "policybindings",
            """
            {"metadata": {"name": "%1$s"},
             "spec": {"policyName": "%1$s", "validationActions": ["Deny"]}}"""
                .formatted(name))
        .succeeded();
    Poll.until(
        "refusal",
        () -> admin.merge("/api/v1/nodes/" + name + "?dryRun=All", "{}").code(),
        code -> code == 422);
  }

  public void allowChanges() {
    admin.delete(ADMISSION + "policybindings/" + name);
    admin.delete(ADMISSION + "policies/" + name);
  }

  public JsonObject readNode() {
    return admin.get("/api/v1/nodes/" + name).succeeded().json();
  }

  /** The node once its condition has this status. */
  public JsonObject nodeUntil(String status) {
    return Poll.until(
        "node with WarmedUp=" + status,
        this::readNode,
        node -> condition(node, "status").equals(status));
  }

  /** The node once it says that it waits for this; a new wording may take ten seconds. */
  public JsonObject nodeWaitingFor(String blocker) {
    return Poll.until(
        "node that waits for " + blocker,
        this::readNode,
        node ->
            condition(node, "status").equals("False")
                && condition(node, "message").contains(blocker));
  }

  /** The policy once it counts so many nodes. */
  public JsonObject policyUntil(String count, int nodes) {
    return Poll.until(
        "policy with " + nodes + " nodes " + count,
        () -> admin.get(POLICIES + "/" + name).succeeded().json(),
        policy -> text(policy, "status", "nodes", count).equals(Integer.toString(nodes)));
  }

  public boolean isTainted(JsonObject node) {
    return hasTaint(node, "nodeqos.io/warming-up");
  }

  public boolean hasForeignTaint(JsonObject node) {
    return hasTaint(node, FOREIGN_TAINT);
  }

  public static boolean hasTaint(JsonObject node, String key) {
    JsonElement taints = node.getAsJsonObject("spec").get("taints");
    if (taints != null) {
      for (JsonElement taint : taints.getAsJsonArray()) {
        if (text(taint.getAsJsonObject(), "key").equals(key)) {
          return true;
        }
      }
    }
    return false;
  }

  /** One field of our condition, "" when there is none. */
  public static String condition(JsonObject node, String field) {
    JsonElement conditions = node.getAsJsonObject("status").get("conditions");
    if (conditions != null) {
      for (JsonElement condition : conditions.getAsJsonArray()) {
        if (text(condition.getAsJsonObject(), "type").equals("nodeqos.io/WarmedUp")) {
          return text(condition.getAsJsonObject(), field);
        }
      }
    }
    return "";
  }

  public static String label(JsonObject node, String key) {
    return text(node, "metadata", "labels", key);
  }

  /** The existing value, "" when there is none. */
  public static String text(JsonObject object, String... path) {
    JsonElement at = object;
    for (String field : path) {
      if (at == null || !at.isJsonObject()) {
        return "";
      }
      at = at.getAsJsonObject().get(field);
    }
    return at == null || at.isJsonNull() ? "" : at.getAsString();
  }

  public void remove() {
    allowChanges();
    admin.delete(POLICIES + "/" + name);
    admin.delete("/api/v1/nodes/" + name);
    admin.delete("/api/v1/namespaces/" + name);
  }
}
