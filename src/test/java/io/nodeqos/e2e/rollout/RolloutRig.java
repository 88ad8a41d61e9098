// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rollout;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Kubelet;
import io.nodeqos.e2e.rig.Member;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.realapi.ControlPlane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Two replicas, and a policy with two hundred nodes in three zones, each with the pod of an agent
 * in a reserved namespace. Kubelets and agents are played.
 */
final class RolloutRig implements AutoCloseable {
  static final int NODES = 200;
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "NODEQOS_LEADERELECTION_LEASEDURATION", "6s",
          "NODEQOS_LEADERELECTION_RENEWDEADLINE", "3s",
          "NODEQOS_LEADERELECTION_RETRYPERIOD", "1s");

  private final String name = "rollout-" + UUID.randomUUID().toString().substring(0, 6);
  private final List<Member> members = new ArrayList<>();
  private final Set<Integer> down = new HashSet<>();
  private final Installation installation;
  private final Api admin;
  private String generation = "";

  private RolloutRig(ControlPlane plane) {
    this.installation = Installation.apply(plane);
    this.admin = Api.admin(plane);
  }

  static RolloutRig start(ControlPlane plane) {
    RolloutRig rig = new RolloutRig(plane);
    rig.installation.removeLease();
    for (int i = 0; i < 2; i++) {
      Replica replica = rig.installation.replica(rig.name + "-" + i);
      rig.members.add(Member.start(plane, replica, SETTINGS));
    }
    rig.leader();
    rig.admin.reservedNamespace(rig.name);
    rig.createPolicy();
    for (int i = 0; i < NODES; i++) {
      rig.createNode(i);
    }
    return rig;
  }

  String policy() {
    return name;
  }

  private void createPolicy() {
    admin
        .post(
            POLICIES,
            """
            {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
             "metadata": {"name": "%1$s"},
             "spec": {"nodeSelector": {"matchLabels": {"pool": "%1$s"}},
                      "reservation": {"cpu": "1"}, "warmUp": {"nodeReady": {}}}}"""
                .formatted(name))
        .succeeded();
  }

  private void createNode(int number) {
    String node = node(number);
    admin
        .post(
            "/api/v1/nodes",
            """
            {"metadata": {"name": "%s", "labels": {"pool": "%s",
              "topology.kubernetes.io/zone": "zone-%d"}}}"""
                .formatted(node, name, number % 3))
        .succeeded();
    admin
        .strategic(
            "/api/v1/nodes/" + node + "/status",
            """
            {"status": {"nodeInfo": {"bootID": "boot-1"},
              "capacity": {"cpu": "8", "memory": "16Gi", "pods": "110"},
              "allocatable": {"cpu": "8", "memory": "16Gi", "pods": "110"},
              "conditions": [%s]}}"""
                .formatted(Kubelet.condition("Ready", true)))
        .succeeded();
    admin
        .post(
            pods(),
            """
            {"metadata": {"name": "agent-%1$s"},
             "spec": {"nodeName": "%1$s", "containers": [{"name": "c", "image": "i"}]}}"""
                .formatted(node))
        .succeeded();
    agent(number, true);
  }

  private String pods() {
    return "/api/v1/namespaces/" + name + "/pods";
  }

  String node(int number) {
    return "%s-%03d".formatted(name, number);
  }

  /** The agent's pod on a node turns Ready or not. */
  void agent(int number, boolean ready) {
    admin
        .strategic(
            pods() + "/agent-" + node(number) + "/status",
            "{\"status\": " + Kubelet.pod(ready) + "}")
        .succeeded();
    if (ready) {
      down.remove(number);
    } else {
      down.add(number);
    }
  }

  void allAgents(boolean ready) {
    for (int i = 0; i < NODES; i++) {
      agent(i, ready);
    }
  }

  /** The agents on every tenth node are not Ready while they have so many CPUs reserved. */
  void breakEveryTenth(String cpu) {
    Set<String> with = nodesWith(cpu);
    for (int i = 0; i < NODES; i += 10) {
      boolean broken = with.contains(node(i));
      if (broken != down.contains(i)) {
        agent(i, !broken);
      }
    }
  }

  /** Merges into the spec of the policy. */
  void change(String spec) {
    JsonObject changed =
        admin.merge(POLICIES + "/" + name, "{\"spec\": " + spec + "}").succeeded().json();
    generation = World.text(changed, "metadata", "generation");
  }

  /** That of the last change. */
  String generation() {
    return generation;
  }

  /** The present record, an empty object without one. */
  JsonObject rollout() {
    JsonObject policy = admin.get(POLICIES + "/" + name).succeeded().json();
    return policy.get("status") instanceof JsonObject status
            && status.get("rollout") instanceof JsonObject rollout
        ? rollout
        : new JsonObject();
  }

  static String phase(JsonObject rollout) {
    return World.text(rollout, "phase");
  }

  /** The record once it is as wanted. */
  JsonObject await(String what, Predicate<JsonObject> wanted) {
    return Poll.until(what, 120 + 5 * Integer.getInteger("rollout.soak", 0), this::rollout, wanted);
  }

  /** The nodes that have this reserved. */
  Set<String> nodesWith(String cpu) {
    Set<String> nodes = new HashSet<>();
    JsonObject list = admin.get("/api/v1/nodes?labelSelector=pool%3D" + name).succeeded().json();
    for (JsonElement node : list.getAsJsonArray("items")) {
      String config =
          World.text(node.getAsJsonObject(), "metadata", "annotations", "nodeqos.io/config");
      long milli =
          Optional.of(config)
              .filter(c -> !c.isEmpty())
              .flatMap(ConfigAnnotation::reservation)
              .map(r -> r.cpuMilli())
              .orElse(0L);
      if (milli == Long.parseLong(cpu) * 1000) {
        nodes.add(World.text(node.getAsJsonObject(), "metadata", "name"));
      }
    }
    return nodes;
  }

  /** The one that says that it leads, once one does. */
  Member leader() {
    return Poll.until(
            "leader",
            () -> members.stream().filter(m -> m.run().isAlive() && m.run().leads()).findFirst(),
            Optional::isPresent)
        .get();
  }

  /** The revisions that a configuration names. */
  static Map<String, String> revisions(JsonObject patch) {
    String config = World.text(patch, "metadata", "annotations", "nodeqos.io/config");
    return config.isEmpty() ? Map.of() : ConfigAnnotation.revisions(config);
  }

  @Override
  public void close() {
    members.forEach(Member::close);
    admin.delete(POLICIES + "/" + name);
    for (int i = 0; i < NODES; i++) {
      admin.delete("/api/v1/nodes/" + node(i));
    }
    admin.delete("/api/v1/namespaces/" + name);
  }
}
