// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.realapi.Programs;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Pods of tenants, and the agent of each node that they have to wait for. */
final class Tenants {
  private static final String TENANT =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: "%1$s", labels: {tenant: "true"}}
      spec:
        nodeSelector: {kubernetes.io/hostname: "%2$s"}
        terminationGracePeriodSeconds: 1
        containers: [{name: tenant, image: "registry.k8s.io/lab:1"}]
      """;

  private static final String DIALLER =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: "%1$s", labels: {tenant: "true"}}
      spec:
        restartPolicy: Never
        containers: [{name: tenant, image: "registry.k8s.io/lab:1", args: [dial, "%2$s"]}]
      """;

  private final Cluster cluster;
  private int count;

  Tenants(Cluster cluster) {
    this.cluster = cluster;
  }

  /** The same as in the demo. */
  void installAgent() {
    cluster
        .kubectl("apply", "--server-side", "-f", Programs.script("cluster.d/demo/agent.yaml"))
        .succeeded();
  }

  /** The pods of the demo's Deployment. */
  List<JsonObject> ofDemo() {
    return Cluster.items(cluster.get("pods", "-l", "app=tenant"));
  }

  /** Makes a pod that only this node can take, and returns its name. */
  String add(String node) {
    String name = "tenant-" + ++count;
    // The ServiceAccount of a new namespace comes a moment later.
    Poll.until(
        "ServiceAccount default",
        60,
        () -> cluster.kubectl("get", "serviceaccount", "default"),
        got -> got.code() == 0);
    cluster.apply(TENANT.formatted(name, node));
    return name;
  }

  /**
   * Waits until the tenant runs, and fails if it got its node before the agent there was Ready.
   *
   * @param boot a time before the start of the node's machine and after the end of its last boot
   */
  void awaitRunningAfterAgent(String tenant, Instant boot) {
    cluster.kubectl("wait", "pod/" + tenant, "--for=condition=Ready", "--timeout=90s").succeeded();
    JsonObject pod = cluster.get("pod", tenant);
    assertAgentWasReady(
        pod.getAsJsonObject("spec").get("nodeName").getAsString(),
        boot,
        Cluster.conditionSince(pod, "PodScheduled"));
  }

  /**
   * Fails unless the agent of this boot of the node was Ready then.
   *
   * @param boot as above
   */
  void assertAgentWasReady(String node, Instant boot, Instant then) {
    JsonObject agent = agent(node);
    Instant started =
        Instant.parse(
            Cluster.containerStatus(agent)
                .getAsJsonObject("state")
                .getAsJsonObject("running")
                .get("startedAt")
                .getAsString());
    Instant ready = Cluster.conditionSince(agent, "Ready");
    // The API has times of whole seconds.
    assertFalse(
        started.isBefore(boot.truncatedTo(ChronoUnit.SECONDS)),
        () ->
            "the agent of " + node + " started at " + started + ", and the boot was after " + boot);
    assertFalse(
        then.isBefore(ready),
        () -> node + " was in use at " + then + ", its agent Ready at " + ready);
  }

  /** The agent of a node. */
  JsonObject agent(String node) {
    List<JsonObject> agents =
        Cluster.items(
            cluster.get(
                "pods",
                "--namespace=kube-system",
                "-l",
                "app=agent",
                "--field-selector=spec.nodeName=" + node));
    return agents.get(0);
  }

  /** The end of a pod that succeeds if it gets a connection: {@code Succeeded} or Failed. */
  String dial(String address) {
    String name = "dialler-" + ++count;
    cluster.apply(DIALLER.formatted(name, address));
    return Poll.until(
        "end of " + name,
        60,
        () -> cluster.get("pod", name).getAsJsonObject("status").get("phase").getAsString(),
        phase -> phase.equals("Succeeded") || phase.equals("Failed"));
  }

  void deleteAll() {
    cluster.kubectl("delete", "pods", "-l", "tenant=true", "--timeout=60s").succeeded();
  }
}
