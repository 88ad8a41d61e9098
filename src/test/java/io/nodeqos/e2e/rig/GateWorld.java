// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import com.google.gson.JsonObject;
import io.nodeqos.realapi.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Nodes with a policy each, and a reserved namespace with what gates wait for: what kubelets,
 * DaemonSet controller and scheduler do to them is done here, as no such process runs.
 */
public final class GateWorld {
  private static final String NODES = "/api/v1/nodes/";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final String CSI_NODES = "/apis/storage.k8s.io/v1/csinodes";

  public final String namespace = "gates-" + UUID.randomUUID().toString().substring(0, 6);
  private final Api admin;
  private final List<String> made = new ArrayList<>();

  private GateWorld(Api admin) {
    this.admin = admin;
  }

  public static GateWorld create(ControlPlane plane) {
    GateWorld world = new GateWorld(Api.admin(plane));
    world.namespace(world.namespace, true);
    world.admin.defaultServiceAccount(world.namespace);
    return world;
  }

  private void made(String collection, String name, String body) {
    admin.post(collection, body).succeeded();
    made.add(collection + "/" + name);
  }

  public void remove() {
    for (int i = made.size() - 1; i >= 0; i--) {
      admin.delete(made.get(i));
    }
  }

  public void namespace(String name, boolean reserved) {
    made(
        "/api/v1/namespaces",
        name,
        "{\"metadata\": {\"name\": \"%s\", \"labels\": {\"nodeqos.io/reserved\": \"%s\"}}}"
            .formatted(name, reserved));
  }

  public void reserve(String name) {
    admin
        .merge(
            "/api/v1/namespaces/" + name,
            "{\"metadata\": {\"labels\": {\"nodeqos.io/reserved\": \"true\"}}}")
        .succeeded();
  }

  /**
   * A policy for the node of its name.
   *
   * @param spec the other fields of its spec
   */
  public void policy(String name, String spec) {
    policy(name, name, spec);
  }

  public void policy(String name, String nodeName, String spec) {
    made(
        POLICIES,
        name,
        """
        {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy", "metadata": {"name": "%s"},
         "spec": {"nodeSelector": {"matchLabels": {"gates": "%s"}}, %s}}"""
            .formatted(name, nodeName, spec));
  }

  public void changePolicy(String name, String spec) {
    admin.merge(POLICIES + "/" + name, "{\"spec\": {" + spec + "}}").succeeded();
  }

  /** The policy once its status says that it has seen its last change. */
  public JsonObject policyUntil(String description, String name, Predicate<JsonObject> wanted) {
    return Poll.until(
        description, () -> admin.get(POLICIES + "/" + name).succeeded().json(), wanted);
  }

  /** A node that registers with the startup taint and all the capacity it needs. */
  public void node(String name, boolean ready) {
    made(
        "/api/v1/nodes",
        name,
        """
        {"metadata": {"name": "%1$s", "labels": {"gates": "%1$s"}},
         "spec": {"taints": [{"key": "nodeqos.io/warming-up", "effect": "NoSchedule"}]}}"""
            .formatted(name));
    status(
        name,
        """
        "nodeInfo": {"bootID": "boot-1"},
        "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110"},
        "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
        "conditions": [%s]"""
            .formatted(Kubelet.condition("Ready", ready)));
  }

  public void deleteNode(String name) {
    admin.delete(NODES + name).succeeded();
  }

  /** As the kubelet reports it. */
  public void status(String node, String fields) {
    admin.strategic(NODES + node + "/status", "{\"status\": {" + fields + "}}").succeeded();
  }

  public void ready(String node, boolean ready) {
    status(node, "\"conditions\": [" + Kubelet.condition("Ready", ready) + "]");
  }

  /** The first status after a reboot: Ready as before, at another time. */
  public void reboot(String node, String bootId) {
    status(
        node,
        """
        "nodeInfo": {"bootID": "%s"}, "conditions": [%s]"""
            .formatted(bootId, Kubelet.heartbeat("Ready")));
  }

  public void condition(String node, String type, String status) {
    status(node, "\"conditions\": [{\"type\": \"" + type + "\", \"status\": \"" + status + "\"}]");
  }

  public void annotate(String node, String key, String value) {
    admin
        .merge(
            NODES + node, "{\"metadata\": {\"annotations\": {\"" + key + "\": \"" + value + "\"}}}")
        .succeeded();
  }

  public void csiNode(String node) {
    made(CSI_NODES, node, csiNode(node, ""));
  }

  public void csiDriver(String node, String driver) {
    admin
        .merge(
            CSI_NODES + "/" + node,
            csiNode(node, "{\"name\": \"" + driver + "\", \"nodeID\": \"n\"}"))
        .succeeded();
  }

  private static String csiNode(String node, String drivers) {
    return """
        {"apiVersion": "storage.k8s.io/v1", "kind": "CSINode", "metadata": {"name": "%s"},
         "spec": {"drivers": [%s]}}"""
        .formatted(node, drivers);
  }

  /** A pod on the node that is not Ready; its label {@code app} is the node's name. */
  public void pod(String name, String node) {
    pod(name, node, "");
  }

  public void podOf(String daemonSet, String node) {
    String uid =
        World.text(admin.get(daemonSets() + "/" + daemonSet).succeeded().json(), "metadata", "uid");
    pod(
        daemonSet + "-x",
        node,
        """
        , "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "%s",
          "uid": "%s", "controller": true}]"""
            .formatted(daemonSet, uid));
  }

  private void pod(String name, String node, String owner) {
    made(
        pods(),
        name,
        """
        {"metadata": {"name": "%s", "labels": {"app": "%s"}%s},
         "spec": {"nodeName": "%s", "containers": [{"name": "c", "image": "i"}]}}"""
            .formatted(name, node, owner, node));
  }

  public void podReady(String name) {
    podReady(name, true);
  }

  public void podReady(String name, boolean ready) {
    admin
        .strategic(pods() + "/" + name + "/status", "{\"status\": " + Kubelet.pod(ready) + "}")
        .succeeded();
  }

  private String pods() {
    return "/api/v1/namespaces/" + namespace + "/pods";
  }

  private String daemonSets() {
    return "/apis/apps/v1/namespaces/" + namespace + "/daemonsets";
  }

  /** A DaemonSet without tolerations; the label of its pods is this app. */
  public void daemonSet(String name, String app) {
    made(
        daemonSets(),
        name,
        """
        {"metadata": {"name": "%1$s"}, "spec": {"selector": {"matchLabels": {"app": "%2$s"}},
          "template": {"metadata": {"labels": {"app": "%2$s"}},
            "spec": {"containers": [{"name": "c", "image": "i"}]}}}}"""
            .formatted(name, app));
  }

  public void tolerate(String daemonSet, String taint) {
    admin
        .strategic(
            daemonSets() + "/" + daemonSet,
            """
            {"spec": {"template": {"spec": {"tolerations":
              [{"key": "%s", "operator": "Exists"}]}}}}"""
                .formatted(taint))
        .succeeded();
  }

  public JsonObject node(String name) {
    return admin.get(NODES + name).succeeded().json();
  }

  /** The node once its condition has this status and reason, and its message these words. */
  public JsonObject until(String node, String status, String reason, String words) {
    return Poll.until(
        status + ", " + reason + " with \"" + words + "\" on " + node,
        () -> node(node),
        n ->
            World.condition(n, "status").equals(status)
                && World.condition(n, "reason").equals(reason)
                && World.condition(n, "message").contains(words));
  }

  public JsonObject untilWarm(String node) {
    return until(node, "True", "WarmedUp", "");
  }
}
