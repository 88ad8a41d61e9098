// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.fleet;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Api;
import java.util.List;

/** A policy for one group of nodes: configuration, quota and one gate. */
public final class Policy {
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";

  private final Api admin;
  private final String name;

  private Policy(Api admin, String name) {
    this.admin = admin;
    this.name = name;
  }

  /**
   * Creates it.
   *
   * @param group the nodes that it selects
   * @param suspended whether the nodes stay as they are for now
   */
  public static Policy create(Api admin, String group, boolean suspended) {
    admin
        .post(
            POLICIES,
            """
            {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
             "metadata": {"name": "%1$s"},
             "spec": {"nodeSelector": {"matchLabels": {"%2$s": "%1$s"}},
               "suspend": %3$s,
               "reservation": {"cpu": "200m", "memory": "2%%"},
               "quota": {"classes": [
                 {"name": "gold", "cpu": {"weight": 400, "max": "80%%"},
                  "memory": {"high": "60%%", "max": "70%%"},
                  "advertise": {"cpu": "50%%", "memory": "50%%"}}]},
               "warmUp": {"taintKey": "%4$s", "nodeReady": {}}}}"""
                .formatted(group, NodeTemplate.GROUP, suspended, NodeTemplate.TAINT))
        .succeeded();
    return new Policy(admin, group);
  }

  /** Lets the nodes go on, all at once. */
  public void release() {
    admin.merge(POLICIES + "/" + name, "{\"spec\": {\"suspend\": false}}").succeeded();
  }

  /** A new version of the configuration, one write for each node. */
  public void change(int weight) {
    admin
        .merge(
            POLICIES + "/" + name,
            """
            {"spec": {"quota": {"classes": [
              {"name": "gold", "cpu": {"weight": %d, "max": "80%%"},
               "memory": {"high": "60%%", "max": "70%%"},
               "advertise": {"cpu": "50%%", "memory": "50%%"}}]}}}"""
                .formatted(weight))
        .succeeded();
  }

  /** Nodes wait for the pods of these apps as well. */
  public void awaitPods(String namespace, List<String> apps) {
    admin
        .merge(
            POLICIES + "/" + name,
            """
            {"spec": {"warmUp": {"reservedPods": [{"namespace": "%s", "selector":
              {"matchExpressions": [
                {"key": "k8s-app", "operator": "In", "values": ["%s"]}]}}]}}}"""
                .formatted(namespace, String.join("\", \"", apps)))
        .succeeded();
  }

  /**
   * From now on a change goes out step by step.
   *
   * @param steps JSON
   * @param soakSeconds how long the nodes of a step must be healthy
   */
  public void rollOut(String steps, int soakSeconds) {
    admin
        .merge(
            POLICIES + "/" + name,
            """
            {"spec": {"rollout": {"steps": %s, "maxConcurrent": 10000,
              "health": {"for": "%ds"}}}}"""
                .formatted(steps, soakSeconds))
        .succeeded();
  }

  /** The revision that was completed last; empty when the status does not say one. */
  public String stableRevision() {
    JsonObject policy = admin.get(POLICIES + "/" + name).succeeded().json();
    return policy.get("status") instanceof JsonObject status
            && status.get("rollout") instanceof JsonObject rollout
        ? rollout.get("stable").getAsString()
        : "";
  }

  void remove() {
    admin.delete(POLICIES + "/" + name).succeeded();
  }
}
