// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.commands;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AgentPool;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Kubelet;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Eight nodes that are not warm, or are to lose their mark, each for another reason. */
final class ExplainWorld {
  private static final String NAMESPACE = "ex-system";
  private static final String PODS = "/api/v1/namespaces/" + NAMESPACE + "/pods";
  private static final String SPINNERS =
      "/apis/apps/v1/namespaces/" + Installation.NAMESPACE + "/daemonsets/nodeqos-spinner-";
  private static final String SPINNER_PODS =
      "/api/v1/namespaces/" + Installation.NAMESPACE + "/pods";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final int BRAKED = 5;

  private final ControlPlane plane;
  private final Api admin;
  private final List<String> made = new ArrayList<>();
  private AgentPool braked;

  ExplainWorld(ControlPlane plane) {
    this.plane = plane;
    this.admin = Api.admin(plane);
  }

  /** Makes all of them, and waits until the controller has said so. */
  void prepare() {
    braked = AgentPool.create(plane, "ex-brake", "Continuous", BRAKED);
    made(
        "/api/v1/namespaces",
        NAMESPACE,
        """
        {"metadata": {"name": "ex-system", "labels": {"nodeqos.io/reserved": "true"}}}""");
    admin.defaultServiceAccount(NAMESPACE);
    admin.defaultServiceAccount(Installation.NAMESPACE);
    crash();
    deadlock();
    csi();
    image();
    policy("ex-suspended", "\"suspend\": true, \"warmUp\": {\"nodeReady\": {}}");
    node("gpu-suspended", "ex-suspended", true);
    policy("ex-no-capacity", "\"warmUp\": {\"nodeReady\": {}}");
    node("gpu-no-capacity", "ex-no-capacity", false);
    node("gpu-no-policy", "general", true);

    braked.untilWarm(BRAKED);
    braked.agents(false);
    until("gpu-crash", "ReservedPodsNotReady");
    until("gpu-deadlock", "GateDeadlock");
    until("gpu-csi", "CSIDriversMissing");
    Poll.until(
        "pull that fails",
        () -> World.condition(read("gpu-image"), "message"),
        message -> message.contains("cannot be pulled"));
    until("gpu-no-capacity", "NoCapacity");
    untilPolicy("ex-suspended", "\"Suspended\"");
    untilPolicy("ex-brake", "\"Braked\"");
  }

  private void crash() {
    policy(
        "ex-crash",
        """
        "priority": 100, "reservation": {"cpu": "500m", "memory": "1Gi"},
        "warmUp": {"nodeReady": {}, "reservedPods": [{"namespace": "ex-system",
          "selector": {"matchLabels": {"app": "agent"}}}]}""");
    daemonSet("agent", "{\"operator\": \"Exists\"}", "ex-crash");
    node("gpu-crash", "ex-crash", true);
    pod("agent", "gpu-crash");
    admin
        .strategic(
            PODS + "/agent-gpu-crash/status",
            """
            {"status": {"phase": "Running",
              "conditions": [{"type": "PodScheduled", "status": "True"},
                {"type": "Ready", "status": "False"}],
              "containerStatuses": [{"name": "agent", "image": "i", "imageID": "", "ready": false,
                "restartCount": 7,
                "state": {"waiting": {"reason": "CrashLoopBackOff",
                  "message": "back-off 5m0s restarting failed container"}},
                "lastState": {"terminated": {"exitCode": 1, "reason": "Error",
                  "finishedAt": "%s",
                  "message": "starting\\nmount /sys/fs/bpf: permission denied\\n"}}}]}}"""
                .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(58)))
        .succeeded();
  }

  private void deadlock() {
    policy(
        "ex-deadlock",
        """
        "warmUp": {"nodeReady": {}, "reservedPods": [{"namespace": "ex-system",
          "selector": {"matchLabels": {"app": "nvme"}}}]}""");
    daemonSet("nvme", "", "ex-deadlock");
    node("gpu-deadlock", "ex-deadlock", true);
  }

  private void csi() {
    policy(
        "ex-csi",
        "\"warmUp\": {\"nodeReady\": {}, \"csiDrivers\": [{\"name\": \"csi.example.com\"}]}");
    node("gpu-csi", "ex-csi", true);
    made(
        "/apis/storage.k8s.io/v1/csinodes",
        "gpu-csi",
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "CSINode", "metadata": {"name": "gpu-csi"},
         "spec": {"drivers": []}}""");
  }

  /** The pod that the DaemonSet controller makes of the spinner's template. */
  private void image() {
    String image = "registry.example.com/ml/server:24.12";
    policy(
        "ex-image",
        "\"images\": [{\"ref\": \"%s\"}], \"warmUp\": {\"nodeReady\": {}, \"images\": {}}"
            .formatted(image));
    node("gpu-image", "ex-image", true);
    JsonObject pod =
        Poll.until("spinner", () -> admin.get(SPINNERS + "ex-image"), found -> found.code() == 200)
            .json()
            .getAsJsonObject("spec")
            .getAsJsonObject("template")
            .deepCopy();
    pod.getAsJsonObject("metadata").addProperty("name", "ex-spinner");
    pod.getAsJsonObject("spec").addProperty("nodeName", "gpu-image");
    made(SPINNER_PODS, "ex-spinner", pod.toString());
    admin
        .strategic(
            SPINNER_PODS + "/ex-spinner/status",
            """
            {"status": {"phase": "Pending", "containerStatuses": [{"name": "pause", "image": "",
              "imageID": "", "ready": false, "restartCount": 0,
              "state": {"waiting": {"reason": "ImagePullBackOff",
                "message": "Back-off pulling image \\"%s\\": 401 Unauthorized"}}}]}}"""
                .formatted(image))
        .succeeded();
  }

  private void policy(String name, String spec) {
    made(
        POLICIES,
        name,
        """
        {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy", "metadata": {"name": "%1$s"},
         "spec": {"nodeSelector": {"matchLabels": {"pool": "%1$s"}}, %2$s}}"""
            .formatted(name, spec));
  }

  private void node(String name, String pool, boolean hasCapacity) {
    made(
        "/api/v1/nodes",
        name,
        """
        {"metadata": {"name": "%s", "labels": {"pool": "%s"}},
         "spec": {"taints": [{"key": "nodeqos.io/warming-up", "effect": "NoSchedule"}]}}"""
            .formatted(name, pool));
    String amount = hasCapacity ? "\"cpu\": \"4\", \"memory\": \"16Gi\"" : "\"cpu\": \"0\"";
    admin
        .strategic(
            "/api/v1/nodes/" + name + "/status",
            """
            {"status": {"nodeInfo": {"bootID": "boot-1", "kubeletVersion": "v1.37.2"},
              "capacity": {%1$s}, "allocatable": {%1$s}, "conditions": [%2$s]}}"""
                .formatted(amount, Kubelet.condition("Ready", true)))
        .succeeded();
  }

  private void daemonSet(String app, String toleration, String pool) {
    made(
        "/apis/apps/v1/namespaces/" + NAMESPACE + "/daemonsets",
        app,
        """
        {"metadata": {"name": "%1$s"}, "spec": {"selector": {"matchLabels": {"app": "%1$s"}},
          "template": {"metadata": {"labels": {"app": "%1$s"}},
            "spec": {"nodeSelector": {"pool": "%3$s"}, "tolerations": [%2$s],
              "containers": [{"name": "agent", "image": "i"}]}}}}"""
            .formatted(app, toleration, pool));
  }

  private void pod(String app, String node) {
    String uid =
        World.text(
            admin
                .get("/apis/apps/v1/namespaces/" + NAMESPACE + "/daemonsets/" + app)
                .succeeded()
                .json(),
            "metadata",
            "uid");
    made(
        PODS,
        app + "-" + node,
        """
        {"metadata": {"name": "%1$s-%2$s", "labels": {"app": "%1$s"},
           "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "%1$s",
             "uid": "%3$s", "controller": true}]},
         "spec": {"nodeName": "%2$s", "containers": [{"name": "agent", "image": "i"}]}}"""
            .formatted(app, node, uid));
  }

  private void made(String collection, String name, String body) {
    admin.post(collection, body).succeeded();
    made.add(collection + "/" + name);
  }

  private JsonObject read(String node) {
    return admin.get("/api/v1/nodes/" + node).succeeded().json();
  }

  private void until(String node, String reason) {
    Poll.until(
        "reason " + reason + " on " + node,
        () -> World.condition(read(node), "reason"),
        reason::equals);
  }

  private void untilPolicy(String name, String reason) {
    Poll.until(
        "reason " + reason + " of " + name,
        () -> admin.get(POLICIES + "/" + name).succeeded().body(),
        body -> body.contains("\"reason\":" + reason));
  }

  void remove() {
    for (int i = made.size() - 1; i >= 0; i--) {
      admin.delete(made.get(i) + "?gracePeriodSeconds=0");
    }
    if (braked != null) {
      braked.remove();
    }
  }
}
