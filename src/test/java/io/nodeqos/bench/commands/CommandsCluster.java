// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.commands;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.NodeTemplate;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Watcher.Sight;
import io.nodeqos.bench.scenario.ConvergedFleet;
import io.nodeqos.bench.scenario.Workloads;
import io.nodeqos.e2e.rig.Api;
import java.util.List;
import java.util.Map;

/**
 * A cluster that a controller has finished with: three policies, and nodes that are warm but for a
 * few, each of which waits for a pod that crashes.
 *
 * @param nodes all of them
 * @param waiting those that are not warm
 */
public record CommandsCluster(int nodes, Fleet waiting) {
  /** Gates of a waiting node that are open; one is not. */
  static final int OPEN_GATES = 3;

  /** One node of so many waits. */
  private static final int NODES_A_WAITING_ONE = 100;

  private static final String WARM = "warm";
  private static final String WAITING = "waiting";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";

  /**
   * Makes it. The controller has ended then.
   *
   * @param nodes at least two
   */
  static CommandsCluster make(Rig rig, int nodes) throws InterruptedException {
    Api admin = rig.admin();
    Workloads workloads = Workloads.create(rig);
    List.of(base(), pool(50), special("gpu", "gpu"))
        .forEach(policy -> admin.post(POLICIES, policy).succeeded());
    Fleet warm = rig.fleet(WARM);
    Fleet waiting = rig.fleet(WAITING);
    waiting.grow(Math.max(1, nodes / NODES_A_WAITING_ONE), true);
    warm.grow(nodes - waiting.size(), true);
    workloads.on(warm, true);
    workloads.on(waiting, false);
    Controller leader = rig.startReplicas(1, Map.of());
    ConvergedFleet.awaitWritten(rig, warm, leader);
    rig.await(
        "condition of the waiting nodes",
        () -> rig.watcher().group(waiting).stream().allMatch(Sight::waits));
    rig.end(leader);
    return new CommandsCluster(nodes, waiting);
  }

  /** Policies for {@code plan -f}, one changed and one new, by which each node changes. */
  static String edits() {
    return pool(40) + "---\n" + special("special", WAITING);
  }

  private static String base() {
    return policy(
        "base",
        "Exists",
        "[]",
        """
        "reservation": {"cpu": "200m", "memory": "2%"}""");
  }

  private static String pool(int percent) {
    return policy(
        "pool",
        "In",
        "[\"" + WARM + "\", \"" + WAITING + "\"]",
        """
        "priority": 100,
        "quota": {"classes": [
          {"name": "gold", "cpu": {"weight": 400, "max": "80%%"},
           "memory": {"high": "%1$d%%", "max": "70%%"},
           "advertise": {"cpu": "%1$d%%", "memory": "50%%"}},
          {"name": "batch", "cpu": {"weight": 50}, "advertise": {"cpu": "20%%"}}]},
        "warmUp": {"taintKey": "%2$s", "nodeReady": {}, "csiDrivers": [{"name": "%3$s"}],
          "reservedPods": [
            {"namespace": "%4$s", "selector": {"matchLabels": {"k8s-app": "%5$s"}}},
            {"namespace": "%4$s", "selector": {"matchLabels": {"k8s-app": "%6$s"}}}]}"""
            .formatted(
                percent,
                NodeTemplate.TAINT,
                Workloads.CSI_DRIVER,
                Workloads.NAMESPACE,
                Workloads.CSI,
                Workloads.AGENT));
  }

  private static String special(String name, String group) {
    return policy(
        name,
        "In",
        "[\"" + group + "\"]",
        """
        "priority": 200,
        "quota": {"classes": [{"name": "gold", "advertise": {"cpu": "30%"}}]}""");
  }

  private static String policy(String name, String operator, String values, String sections) {
    return """
        {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
         "metadata": {"name": "%s"},
         "spec": {"nodeSelector": {"matchExpressions": [
             {"key": "%s", "operator": "%s", "values": %s}]}, %s}}
        """
        .formatted(name, NodeTemplate.GROUP, operator, values, sections);
  }
}
