// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Two replicas under the rules of own-keys.yaml, and nodes and policies that come and go. */
public final class DeletionRig implements AutoCloseable {
  public static final String FINALIZER = "nodeqos.io/clean-nodes";
  public static final String TAINT = "nodeqos.io/warming-up";
  private static final String FOREIGN_TAINT = "example.com/dedicated";
  private static final String NODES = "/api/v1/nodes/";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies/";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "NODEQOS_LEADERELECTION_LEASEDURATION", "6s",
          "NODEQOS_LEADERELECTION_RENEWDEADLINE", "3s",
          "NODEQOS_LEADERELECTION_RETRYPERIOD", "1s",
          "NODEQOS_ORPHANTAINTGRACE", "2s");

  private final ControlPlane plane;
  private final Installation installation;
  private final Api admin;
  private final List<Member> members = new ArrayList<>();
  private final List<String> made = new ArrayList<>();

  private DeletionRig(ControlPlane plane, Installation installation) {
    this.plane = plane;
    this.installation = installation;
    this.admin = Api.admin(plane);
  }

  public static DeletionRig start(ControlPlane plane) {
    Installation installation = Installation.apply(plane);
    installation.removeLease();
    installation.admission("own-keys");
    DeletionRig rig = new DeletionRig(plane, installation);
    for (int i = 0; i < 2; i++) {
      Replica replica = installation.replica("deletion-" + UUID.randomUUID());
      rig.members.add(Member.start(plane, replica, SETTINGS));
    }
    rig.leader();
    return rig;
  }

  /** The one that says that it leads, once one does. */
  public Member leader() {
    return Poll.until(
            "leader",
            () -> members.stream().filter(m -> m.run().isAlive() && m.run().leads()).findFirst(),
            Optional::isPresent)
        .get();
  }

  /** All replicas end at once, and write nothing any more. */
  public void killAll() {
    members.forEach(m -> m.run().kill());
  }

  /** The next containers of all replicas, once one leads. */
  public void startAllAgain() {
    members.forEach(Member::startAgain);
    leader();
  }

  /** The effective configuration of a node. */
  public static String config(JsonObject node) {
    return World.text(node, "metadata", "annotations", "nodeqos.io/config");
  }

  public static String unique(String prefix) {
    return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** A node with the startup taint and another owner's. */
  public void node(String name, String pool, boolean ready) {
    made.add(NODES + name);
    admin
        .post(
            "/api/v1/nodes",
            """
            {"metadata": {"name": "%s", "labels": {"pool": "%s"}, "annotations": {"theirs": "1"}},
             "spec": {"taints": [{"key": "%s", "effect": "NoSchedule"},
                                 {"key": "%s", "effect": "PreferNoSchedule"}]}}"""
                .formatted(name, pool, TAINT, FOREIGN_TAINT))
        .succeeded();
    admin
        .strategic(
            NODES + name + "/status",
            """
            {"status": {"nodeInfo": {"bootID": "boot-1"},
              "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110"},
              "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
              "conditions": [{"type": "Ready", "status": "%s"}]}}"""
                .formatted(ready ? "True" : "False"))
        .succeeded();
  }

  public void policy(String name, String spec) {
    made.add(POLICIES + name);
    admin
        .post(
            POLICIES.substring(0, POLICIES.length() - 1),
            """
            {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
             "metadata": {"name": "%s"}, "spec": %s}"""
                .formatted(name, spec))
        .succeeded();
  }

  public void patchPolicy(String name, String spec) {
    admin.merge(POLICIES + name, "{\"spec\": " + spec + "}").succeeded();
  }

  public void label(String node, String key, String value) {
    admin
        .merge(
            NODES + node,
            """
            {"metadata": {"labels": {"%s": "%s"}}}"""
                .formatted(key, value))
        .succeeded();
  }

  /** The user's own command, which waits until the policy is gone. */
  public Command kubectlDelete(String policy) {
    return plane.kubectl("delete", "nqp", policy, "--timeout=60s");
  }

  /** Marks it, and waits for nothing. */
  public void delete(String policy) {
    admin.delete(POLICIES + policy).succeeded();
  }

  public JsonObject node(String name) {
    return admin.get(NODES + name).succeeded().json();
  }

  public JsonObject nodeUntil(String description, String name, Predicate<JsonObject> wanted) {
    return Poll.until(description, () -> node(name), wanted);
  }

  public JsonObject warm(String node) {
    return nodeUntil(
        "warm node",
        node,
        n -> World.condition(n, "status").equals("True") && !World.hasTaint(n, TAINT));
  }

  public JsonObject waiting(String node) {
    return nodeUntil("waiting node", node, n -> World.condition(n, "status").equals("False"));
  }

  public void gone(String policy) {
    Poll.until("end of the policy", () -> admin.get(POLICIES + policy).code(), c -> c == 404);
  }

  public JsonObject policyUntil(String description, String name, Predicate<String> wanted) {
    return Poll.until(
        description,
        () -> admin.get(POLICIES + name).succeeded().json(),
        policy -> wanted.test(policy.toString()));
  }

  public String described(String kind, String name) {
    return plane.kubectl("describe", kind, name).succeeded().out();
  }

  /** Everything on the node that is ours. */
  public static List<String> ours(JsonObject node) {
    List<String> ours = new ArrayList<>();
    JsonObject meta = node.getAsJsonObject("metadata");
    JsonObject status = node.getAsJsonObject("status");
    for (JsonElement map :
        new JsonElement[] {
          meta.get("labels"),
          meta.get("annotations"),
          status.get("capacity"),
          status.get("allocatable")
        }) {
      map.getAsJsonObject().keySet().forEach(ours::add);
    }
    if (node.getAsJsonObject("spec").get("taints") instanceof JsonArray taints) {
      taints.forEach(t -> ours.add(World.text(t.getAsJsonObject(), "key")));
    }
    if (!World.condition(node, "status").isEmpty()) {
      ours.add("nodeqos.io/WarmedUp");
    }
    ours.removeIf(key -> !key.startsWith("nodeqos.io/"));
    return ours;
  }

  public static boolean hasAllOfOthers(JsonObject node) {
    return World.hasTaint(node, FOREIGN_TAINT)
        && World.text(node, "metadata", "annotations", "theirs").equals("1")
        && World.text(node, "status", "capacity", "cpu").equals("4");
  }

  @Override
  public void close() {
    members.forEach(
        m -> {
          m.close();
          installation.remove(m.replica());
        });
    for (String path : made) {
      admin.merge(path, "{\"metadata\": {\"finalizers\": null}}");
      admin.delete(path);
    }
    installation.removeAdmission("own-keys");
  }
}
