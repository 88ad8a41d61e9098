// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.realapi.ControlPlane;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Nodes with one pod each that their policy waits for; the pods are Ready at first. */
public final class AgentPool {
  private static final String NODES = "/api/v1/nodes";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final String TAINT = "nodeqos.io/warming-up";

  private final Api admin;
  private final String name;
  private final int nodes;

  private AgentPool(Api admin, String name, int nodes) {
    this.admin = admin;
    this.name = name;
    this.nodes = nodes;
  }

  public static AgentPool create(ControlPlane plane, String name, String mode, int nodes) {
    AgentPool pool = new AgentPool(Api.admin(plane), name, nodes);
    pool.createPolicy(mode);
    pool.admin.reservedNamespace(name);
    IntStream.range(0, nodes).forEach(pool::createNode);
    IntStream.range(0, nodes).forEach(pool::createAgent);
    pool.agents(true);
    return pool;
  }

  private void createPolicy(String mode) {
    admin
        .post(
            POLICIES,
            """
            {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
             "metadata": {"name": "%1$s"},
             "spec": {"nodeSelector": {"matchLabels": {"pool": "%1$s"}},
               "warmUp": {"mode": "%2$s", "stableFor": "2s",
                 "reservedPods": [{"namespace": "%1$s",
                   "selector": {"matchLabels": {"app": "agent"}}}]}}}"""
                .formatted(name, mode))
        .succeeded();
  }

  private String node(int number) {
    return name + "-" + number;
  }

  private void createNode(int number) {
    admin
        .post(
            NODES,
            """
            {"metadata": {"name": "%s", "labels": {"pool": "%s"}},
             "spec": {"taints": [{"key": "%s", "effect": "NoSchedule"}]}}"""
                .formatted(node(number), name, TAINT))
        .succeeded();
    admin
        .strategic(
            NODES + "/" + node(number) + "/status",
            """
            {"status": {"nodeInfo": {"bootID": "boot-1"},
              "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110"},
              "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
              "conditions": [%s]}}"""
                .formatted(Kubelet.condition("Ready", true)))
        .succeeded();
  }

  private void createAgent(int number) {
    admin
        .post(
            "/api/v1/namespaces/" + name + "/pods",
            """
            {"metadata": {"name": "agent-%d", "labels": {"app": "agent"}},
             "spec": {"nodeName": "%s", "containers": [{"name": "c", "image": "i"}]}}"""
                .formatted(number, node(number)))
        .succeeded();
  }

  public void agents(boolean ready) {
    IntStream.range(0, nodes).forEach(i -> agent(i, ready));
  }

  /** As the kubelet reports it. */
  private void agent(int number, boolean ready) {
    admin
        .strategic(
            "/api/v1/namespaces/" + name + "/pods/agent-" + number + "/status",
            """
            {"status": %s}"""
                .formatted(Kubelet.pod(ready)))
        .succeeded();
  }

  /** Nodes with the mark, without the taint, and with the condition, which is written last. */
  public int warm() {
    return count(
        node ->
            World.condition(node, "status").equals("True")
                && World.label(node, "nodeqos.io/warmed-up").equals("true")
                && !World.hasTaint(node, TAINT));
  }

  /** Nodes with the taint, without the mark, whose condition names their pod. */
  int heldBack() {
    return count(
        node ->
            World.label(node, "nodeqos.io/warmed-up").isEmpty()
                && World.hasTaint(node, TAINT)
                && World.condition(node, "status").equals("False")
                && World.condition(node, "message").contains(name + "/agent-"));
  }

  public void untilWarm(int wanted) {
    Poll.until(wanted + " warm nodes of " + name, this::warm, warm -> warm == wanted);
  }

  public void untilHeldBack(int wanted) {
    Poll.until(wanted + " tainted nodes of " + name, this::heldBack, held -> held == wanted);
  }

  /** Which version each node has: none was written while they are the same. */
  public String versions() {
    StringBuilder versions = new StringBuilder();
    for (JsonElement node : list()) {
      versions
          .append(World.text(node.getAsJsonObject(), "metadata", "resourceVersion"))
          .append(' ');
    }
    return versions.toString();
  }

  private int count(Predicate<JsonObject> condition) {
    int count = 0;
    for (JsonElement node : list()) {
      count += condition.test(node.getAsJsonObject()) ? 1 : 0;
    }
    return count;
  }

  private Iterable<JsonElement> list() {
    return admin
        .get(NODES + "?labelSelector=pool%3D" + name)
        .succeeded()
        .json()
        .getAsJsonArray("items");
  }

  public void remove() {
    admin.delete(POLICIES + "/" + name);
    IntStream.range(0, nodes).forEach(i -> admin.delete(NODES + "/" + node(i)));
    admin.delete("/api/v1/namespaces/" + name);
  }
}
