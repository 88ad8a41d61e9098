// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.warmup;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Nodes that lack an image, the policy that wants it, and what the server here has none of: the
 * DaemonSet controller, which makes a pod from the template where the label is, and the kubelets,
 * which make it Ready.
 */
final class SpinnerWorld {
  static final String IMAGE = "registry.example.com/team/app:1";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies/";
  private static final String PODS = "/api/v1/namespaces/" + Installation.NAMESPACE + "/pods";

  private final String name = "spin-" + UUID.randomUUID().toString().substring(0, 8);
  private final Api admin;
  private final Map<String, String> pods = new TreeMap<>();
  private int nodes;

  SpinnerWorld(ControlPlane plane) {
    this.admin = Api.admin(plane);
    admin.defaultServiceAccount(Installation.NAMESPACE);
  }

  String name() {
    return name;
  }

  String daemonSet() {
    return "nodeqos-spinner-" + name;
  }

  /**
   * A policy that selects the nodes.
   *
   * @param gate of the images, such as {@code {}}
   */
  void createPolicy(String gate) {
    admin
        .post(
            POLICIES,
            """
            {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
             "metadata": {"name": "%1$s"},
             "spec": {"nodeSelector": {"matchLabels": {"spin": "%1$s"}},
               "images": [{"ref": "%2$s", "pullSecrets": ["registry"]}],
               "warmUp": {"images": %3$s}}}"""
                .formatted(name, IMAGE, gate))
        .succeeded();
  }

  /** Gives the policy this image instead, with a rollout that lasts long enough to be seen. */
  void changeImage(String image) {
    String patch =
        """
        [{"op": "replace", "path": "/spec/images", "value": [{"ref": "%s"}]},
         {"op": "add", "path": "/spec/rollout", "value": {"health": {"for": "15s"}}}]"""
            .formatted(image);
    admin.send("PATCH", POLICIES + name, "application/json-patch+json", patch).succeeded();
  }

  /** The node lists these images. */
  void list(String node, String images) {
    admin
        .send(
            "PATCH",
            "/api/v1/nodes/" + node + "/status",
            "application/merge-patch+json",
            "{\"status\": {\"images\": " + images + "}}")
        .succeeded();
  }

  /** Name to the label of the nodes that it selects; of both DaemonSets, if there are two. */
  Map<String, String> keys() {
    Map<String, String> keys = new TreeMap<>();
    String all = "/apis/apps/v1/namespaces/" + Installation.NAMESPACE + "/daemonsets";
    for (JsonObject daemonSet : items(all + "?labelSelector=nodeqos.io%2Fspinner")) {
      if (nameOf(daemonSet).startsWith(daemonSet())) {
        keys.put(
            nameOf(daemonSet),
            daemonSet
                .getAsJsonObject("spec")
                .getAsJsonObject("template")
                .getAsJsonObject("spec")
                .getAsJsonObject("nodeSelector")
                .get("nodeqos.io/images")
                .getAsString());
      }
    }
    return keys;
  }

  void deletePolicy() {
    admin.delete(POLICIES + name);
  }

  JsonObject policy() {
    return admin.get(POLICIES + name).succeeded().json();
  }

  /** A Ready node with the startup taint and this in its {@code status.images}. */
  String join(String images) {
    String node = name + "-" + nodes++;
    admin
        .post(
            "/api/v1/nodes",
            """
            {"metadata": {"name": "%s", "labels": {"spin": "%s"}},
             "spec": {"taints": [{"key": "nodeqos.io/warming-up", "effect": "NoSchedule"}]}}"""
                .formatted(node, name))
        .succeeded();
    admin
        .strategic(
            "/api/v1/nodes/" + node + "/status",
            """
            {"status": {"nodeInfo": {"bootID": "boot-1", "kubeletVersion": "v1.37.2"},
              "capacity": {"cpu": "4", "memory": "16Gi"},
              "allocatable": {"cpu": "4", "memory": "16Gi"}, "images": %s,
              "conditions": [{"type": "Ready", "status": "True"}]}}"""
                .formatted(images))
        .succeeded();
    return node;
  }

  /** A running pod of a reserved namespace that has the image. */
  void runElsewhere(String node) {
    admin
        .post(
            "/api/v1/namespaces",
            "{\"metadata\": {\"name\": \"%s\", \"labels\": {\"nodeqos.io/reserved\": \"true\"}}}"
                .formatted(name))
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
    String path = "/api/v1/namespaces/" + name + "/pods";
    admin
        .post(
            path,
            """
            {"metadata": {"name": "user"}, "spec": {"nodeName": "%s",
             "containers": [{"name": "c", "image": "%s"}]}}"""
                .formatted(node, IMAGE))
        .succeeded();
    admin
        .strategic(
            path + "/user/status",
            """
            {"status": {"phase": "Running", "containerStatuses": [{"name": "c", "image": "%s",
             "imageID": "", "ready": true, "started": true, "restartCount": 0,
             "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}]}}"""
                .formatted(IMAGE))
        .succeeded();
  }

  List<JsonObject> nodes() {
    return items("/api/v1/nodes?labelSelector=spin%3D" + name);
  }

  List<String> labelled() {
    return nodes().stream()
        .filter(node -> World.label(node, "nodeqos.io/images").equals(name))
        .map(SpinnerWorld::nameOf)
        .toList();
  }

  long warm() {
    return nodes().stream()
        .filter(node -> World.label(node, "nodeqos.io/warmed-up").equals("true"))
        .count();
  }

  List<JsonObject> daemonSets() {
    return items(
        "/apis/apps/v1/namespaces/"
            + Installation.NAMESPACE
            + "/daemonsets?labelSelector=nodeqos.io%2Fspinner%3D"
            + name);
  }

  private List<JsonObject> items(String path) {
    List<JsonObject> items = new ArrayList<>();
    for (JsonElement item : admin.get(path).succeeded().json().getAsJsonArray("items")) {
      items.add(item.getAsJsonObject());
    }
    return items;
  }

  private static String nameOf(JsonObject object) {
    return World.text(object, "metadata", "name");
  }

  /** One round of the DaemonSet controller and of the kubelets; at most so many become Ready. */
  void play(int mostReady) {
    List<JsonObject> daemonSets = daemonSets();
    List<String> labelled = daemonSets.isEmpty() ? List.of() : labelled();
    for (String node : List.copyOf(pods.keySet())) {
      if (!labelled.contains(node)) {
        admin.delete(PODS + "/" + pods.remove(node) + "?gracePeriodSeconds=0");
      }
    }
    int ready = 0;
    for (String node : labelled) {
      if (!pods.containsKey(node)) {
        pods.put(node, create(daemonSets.get(0), node));
      } else if (ready++ < mostReady) {
        admin
            .strategic(
                PODS + "/" + pods.get(node) + "/status",
                """
                {"status": {"phase": "Running",
                  "conditions": [{"type": "Ready", "status": "True"}]}}""")
            .succeeded();
      }
    }
  }

  /** The namespace enforces the standard restricted: a template that breaks it gets no pod. */
  private String create(JsonObject daemonSet, String node) {
    JsonObject pod = daemonSet.getAsJsonObject("spec").getAsJsonObject("template").deepCopy();
    pod.getAsJsonObject("metadata").addProperty("generateName", daemonSet() + "-");
    pod.getAsJsonObject("spec").addProperty("nodeName", node);
    return nameOf(admin.post(PODS, pod.toString()).succeeded().json());
  }

  /** The kubelet of the node says that it cannot have the image. */
  void failToPull(String node) {
    admin
        .strategic(
            PODS + "/" + pods.get(node) + "/status",
            """
            {"status": {"phase": "Pending", "containerStatuses": [{"name": "pause", "image": "",
              "imageID": "", "ready": false, "restartCount": 0,
              "state": {"waiting": {"reason": "ImagePullBackOff",
                "message": "Back-off pulling image \\"%s\\""}}}]}}"""
                .formatted(IMAGE))
        .succeeded();
  }

  void remove() {
    deletePolicy();
    nodes().forEach(node -> admin.delete("/api/v1/nodes/" + nameOf(node)));
    pods.values().forEach(pod -> admin.delete(PODS + "/" + pod + "?gracePeriodSeconds=0"));
    admin.delete("/api/v1/namespaces/" + name);
  }
}
