// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Kubelet;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The objects of the files in {@code src/test/resources/cases}, each made by kubectl as a user
 * would do it. The files name their objects, so that a control plane takes each of them once.
 */
final class CaseWorld {
  static final String TAINT = "nodeqos.io/warming-up";
  private static final Path FOLDER = Path.of("src", "test", "resources", "cases");
  private static final String POOLS = "b1,b2,b3,b4,b5,b6,b15";
  private static final List<String> NAMESPACES = List.of("b1", "b2", "b5", "b6");

  private final ControlPlane plane;
  private final Api admin;

  CaseWorld(ControlPlane plane) {
    this.plane = plane;
    this.admin = Api.admin(plane);
  }

  static String file(String name) {
    return FOLDER.resolve(name).toString();
  }

  void create(String file) {
    plane.kubectl("create", "-f", file(file)).succeeded();
  }

  /** Runs a script that calls kubectl by its name. */
  Command run(String script) {
    Path programs = plane.program("kubectl").toAbsolutePath().getParent();
    Path cache = plane.kubeconfig().resolveSibling("kubectl-cache");
    return Command.run(
        List.of(
            "env",
            "PATH=" + programs + ":" + System.getenv("PATH"),
            "KUBECONFIG=" + plane.kubeconfig(),
            "KUBECACHEDIR=" + cache,
            "bash",
            file(script)),
        "");
  }

  void createServiceAccount(String namespace) {
    plane.kubectl("create", "serviceaccount", "default", "-n", namespace).succeeded();
  }

  /** As the DaemonSet controller makes it, once nothing keeps it off the node. */
  void createPodOf(String namespace, String daemonSet, String node) {
    String uid =
        plane
            .kubectl("get", "ds", daemonSet, "-n", namespace, "-o", "jsonpath={.metadata.uid}")
            .succeeded()
            .out();
    createPod(
        namespace,
        daemonSet + "-" + node,
        node,
        """
        , labels: {app: %1$s}, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet,
          name: %1$s, uid: %2$s, controller: true}]"""
            .formatted(daemonSet, uid));
  }

  void createPod(String namespace, String name, String node) {
    createPod(namespace, name, node, "");
  }

  private void createPod(String namespace, String name, String node, String metadata) {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s%s}
        spec: {nodeName: %s, containers: [{name: c, image: i}]}
        """
            .formatted(name, namespace, metadata, node);
    plane.kubectlWith(pod, "create", "-f", "-").succeeded();
  }

  void podReady(String namespace, String pod, boolean ready) {
    podStatus(namespace, pod, Kubelet.pod(ready));
  }

  /** The container runs this image now. */
  void podRuns(String namespace, String pod, String image) {
    podStatus(namespace, pod, Kubelet.pod(true).replace("\"i\"", "\"" + image + "\""));
  }

  private void podStatus(String namespace, String pod, String status) {
    patchPodStatus(namespace, pod, "-p", "{\"status\":" + status + "}");
  }

  /**
   * @param option of kubectl, with its value
   */
  void patchPodStatus(String namespace, String pod, String... option) {
    List<String> command =
        new ArrayList<>(
            List.of("patch", "pod", pod, "-n", namespace, "--subresource=status", "--type=merge"));
    command.addAll(List.of(option));
    plane.kubectl(command.toArray(String[]::new)).succeeded();
  }

  /** As the files make theirs, without any image. */
  void createNode(String name, String pool) {
    String node =
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %s, labels: {pool: %s}}
        spec: {taints: [{key: nodeqos.io/warming-up, effect: NoSchedule}]}
        status:
          capacity: &c {cpu: "4", memory: 16Gi, pods: "110"}
          allocatable: *c
          conditions: [{type: Ready, status: "True"}]
        """
            .formatted(name, pool);
    plane.kubectlWith(node, "create", "-f", "-").succeeded();
  }

  void untaint(String node, String key) {
    plane.kubectl("taint", "node", node, key + ":NoSchedule-").succeeded();
  }

  void patchNodeStatus(String node, String status) {
    plane
        .kubectl("patch", "node", node, "--subresource=status", "--type=strategic", "-p", status)
        .succeeded();
  }

  JsonObject node(String name) {
    return admin.get("/api/v1/nodes/" + name).succeeded().json();
  }

  /** The node once it waits for this reason and says these words of it. */
  JsonObject untilWaiting(String name, String reason, String words) {
    JsonObject node =
        Poll.until(
            "node " + name + " that waits with " + reason + ": " + words,
            () -> node(name),
            n ->
                World.condition(n, "status").equals("False")
                    && World.condition(n, "reason").equals(reason)
                    && World.condition(n, "message").contains(words));
    assertEquals("", World.label(node, "nodeqos.io/warmed-up"), node::toString);
    return node;
  }

  JsonObject untilWarm(String name) {
    JsonObject node =
        Poll.until(
            "warm node " + name,
            () -> node(name),
            n ->
                World.condition(n, "status").equals("True")
                    && World.condition(n, "reason").equals("WarmedUp"));
    assertWarm(node);
    return node;
  }

  static void assertWarm(JsonObject node) {
    assertEquals("True", World.condition(node, "status"), node::toString);
    assertEquals("true", World.label(node, "nodeqos.io/warmed-up"), node::toString);
    assertFalse(World.hasTaint(node, TAINT), node::toString);
  }

  static void assertTainted(JsonObject node) {
    assertTrue(World.hasTaint(node, TAINT), node::toString);
  }

  /** While the controller runs: it removes the objects that it has made for the policies. */
  void remove() {
    String pools = "pool in (" + POOLS + ")";
    plane.kubectl("delete", "nodes", "-l", pools, "--ignore-not-found").succeeded();
    plane
        .kubectl("delete", "nqp", "--ignore-not-found", "b1", "b2", "b3", "b4", "b5", "b6", "b15")
        .succeeded();
    Poll.until(
        "end of the spinners",
        () ->
            plane
                .kubectl(
                    "get",
                    "ds",
                    "-n",
                    Installation.NAMESPACE,
                    "-o",
                    "name",
                    "-l",
                    "nodeqos.io/spinner in (" + POOLS + ")")
                .succeeded()
                .out(),
        String::isEmpty);
    for (String namespace : NAMESPACES) {
      plane.kubectl("delete", "ds", "--all", "-n", namespace);
      plane.kubectl("delete", "pods", "--all", "-n", namespace, "--grace-period=0", "--force");
      plane.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
      // No namespace controller runs that would do it.
      plane
          .kubectlWith(
              "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"%s\"}}"
                  .formatted(namespace),
              "replace",
              "--raw",
              "/api/v1/namespaces/" + namespace + "/finalize",
              "-f",
              "-")
          .succeeded();
    }
  }
}
