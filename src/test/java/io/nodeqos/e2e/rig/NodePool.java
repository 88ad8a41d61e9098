// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.realapi.ControlPlane;
import java.util.Set;
import java.util.TreeSet;

/**
 * Nodes that join with the startup taint and are Ready at once, and the policy that selects them
 * all: each wants one write of its metadata and one of its status, and one more of its metadata
 * whenever the policy changes.
 */
public final class NodePool {
  private static final String NODES = "/api/v1/nodes";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";

  private final Api admin;
  private final String name;
  private volatile int joined;
  private volatile int weight = 100;

  private NodePool(Api admin, String name) {
    this.admin = admin;
    this.name = name;
  }

  /** A pool without nodes. */
  static NodePool create(ControlPlane plane, String name) {
    NodePool pool = new NodePool(Api.admin(plane), name);
    pool.admin
        .post(
            POLICIES,
            """
            {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
             "metadata": {"name": "%1$s"},
             "spec": {"nodeSelector": {"matchLabels": {"pool": "%1$s"}},
                      "quota": %2$s,
                      "warmUp": {"taintKey": "nodeqos.io/warming-up", "nodeReady": {}}}}"""
                .formatted(name, pool.quota()))
        .succeeded();
    return pool;
  }

  private String quota() {
    return """
        {"classes": [{"name": "gold", "cpu": {"weight": %d}, "advertise": {"cpu": "50%%"}}]}"""
        .formatted(weight);
  }

  /** How many nodes have joined so far. */
  public int joined() {
    return joined;
  }

  public String node(int number) {
    return "%s-%05d".formatted(name, number);
  }

  /** Lets the next node join; one that could not is the next again. */
  void join() {
    String node = node(joined);
    int created =
        admin
            .post(
                NODES,
                """
                {"metadata": {"name": "%s", "labels": {"pool": "%s"}},
                 "spec": {"taints": [{"key": "nodeqos.io/warming-up", "effect": "NoSchedule"}]}}"""
                    .formatted(node, name))
            .code();
    if (created == 201 || created == 409) {
      Api.Reply status =
          admin.strategic(
              NODES + "/" + node + "/status",
              """
              {"status": {"nodeInfo": {"bootID": "boot-1"},
                "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110"},
                "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
                "conditions": [{"type": "Ready", "status": "True"}]}}""");
      if (status.code() == 200) {
        joined++;
      }
    }
  }

  /** A change of a node by another owner, so that it gets a new resourceVersion. */
  public Api.Reply touch(int number) {
    return admin.merge(
        NODES + "/" + node(number),
        "{\"metadata\": {\"annotations\": {\"example.com/seen\": \"" + System.nanoTime() + "\"}}}");
  }

  /** Gives the policy a new version. */
  public void changePolicy() {
    weight++;
    admin.merge(POLICIES + "/" + name, "{\"spec\": {\"quota\": " + quota() + "}}").succeeded();
  }

  /** Freezes the nodes as they are, or no longer. */
  public void suspend(boolean suspend) {
    admin.merge(POLICIES + "/" + name, "{\"spec\": {\"suspend\": " + suspend + "}}").succeeded();
  }

  /** The nodes that have not converged. */
  Set<String> unfinished() {
    // Cheap to ask again and again, as it becomes empty.
    Set<String> waiting = new TreeSet<>();
    for (JsonElement node : list(",nodeqos.io%2Fwarmed-up!%3Dtrue")) {
      waiting.add(World.text(node.getAsJsonObject(), "metadata", "name"));
    }
    if (waiting.isEmpty()) {
      for (JsonElement node : list("")) {
        if (!isFinished(node.getAsJsonObject())) {
          waiting.add(World.text(node.getAsJsonObject(), "metadata", "name"));
        }
      }
    }
    return waiting;
  }

  private Iterable<JsonElement> list(String selector) {
    return admin
        .get(NODES + "?labelSelector=pool%3D" + name + selector)
        .succeeded()
        .json()
        .getAsJsonArray("items");
  }

  private boolean isFinished(JsonObject node) {
    String config = World.text(node, "metadata", "annotations", "nodeqos.io/config");
    return config.contains("\"weight\":" + weight)
        && World.condition(node, "status").equals("True")
        && World.text(node, "status", "allocatable", "nodeqos.io/gold-cpu").equals("2k")
        && !World.hasTaint(node, "nodeqos.io/warming-up");
  }
}
