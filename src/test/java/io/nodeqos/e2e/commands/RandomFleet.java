// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.commands;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.DeletionRig;
import io.nodeqos.e2e.rig.Kubelet;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Nodes in two pools, the pods of a reserved namespace, and policies for them, all at random. No
 * decision about them depends on how much time has passed: no gate has a timeout, no policy has
 * {@code stableFor} or images. A deleted policy with {@code Remove} takes the mark of its nodes:
 * the brake must not hold that.
 */
final class RandomFleet {
  private static final String NODES = "/api/v1/nodes";
  static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final int SIZE = 10;

  private final Api admin;
  private final String name;
  private final Random random;

  /** Name to spec, of those that exist. */
  private final Map<String, JsonObject> policies = new TreeMap<>();

  /** Names of those that were deleted, and may be held by a finalizer. */
  private final Set<String> deleted = new TreeSet<>();

  RandomFleet(ControlPlane plane, String name, long seed) {
    this.admin = Api.admin(plane);
    this.name = name;
    this.random = new Random(seed);
  }

  /** The change of one policy. */
  record Edit(String policy, Kind kind, JsonObject spec) {
    enum Kind {
      CREATE,
      CHANGE,
      DELETE
    }

    /** Of a policy that is created or changed. */
    JsonObject manifest() {
      JsonObject metadata = new JsonObject();
      metadata.addProperty("name", policy);
      JsonObject object = new JsonObject();
      object.addProperty("apiVersion", "nodeqos.io/v1alpha1");
      object.addProperty("kind", "NodeQoSPolicy");
      object.add("metadata", metadata);
      object.add("spec", spec);
      return object;
    }

    @Override
    public String toString() {
      return kind + " " + policy + " " + spec;
    }
  }

  private String any(String... values) {
    return values[random.nextInt(values.length)];
  }

  public boolean has(String node) {
    return node.startsWith(name + "-");
  }

  List<String> nodes() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      all.add(name + "-" + i);
    }
    return all;
  }

  void create() {
    admin.reservedNamespace(name);
    for (String node : nodes()) {
      admin
          .post(
              NODES,
              """
              {"metadata": {"name": "%s", "labels": {"fleet": "%s", "pool": "%s"}},
               "spec": {"taints": [%s]}}"""
                  .formatted(
                      node,
                      name,
                      any("gpu", "web"),
                      any(
                          "",
                          "{\"key\": \"nodeqos.io/warming-up\", \"effect\": \"NoSchedule\"}",
                          "{\"key\": \"example.com/own\", \"effect\": \"NoSchedule\"}")))
          .succeeded();
      admin
          .strategic(
              NODES + "/" + node + "/status",
              """
              {"status": {"nodeInfo": {"bootID": "boot-1"},
                "capacity": {"cpu": "%1$s", "memory": "16Gi", "pods": "110"},
                "allocatable": {"cpu": "%1$s", "memory": "15Gi", "pods": "110"},
                "conditions": [%2$s]}}"""
                  .formatted(
                      any("2", "4", "64"), Kubelet.condition("Ready", random.nextInt(4) > 0)))
          .succeeded();
      if (random.nextInt(4) > 0) {
        pod(node);
      }
    }
  }

  private void pod(String node) {
    admin
        .post(
            "/api/v1/namespaces/" + name + "/pods",
            """
            {"metadata": {"name": "agent-%1$s", "labels": {"app": "%2$s"}},
             "spec": {"nodeName": "%1$s", "containers": [{"name": "c", "image": "i",
               "resources": {"requests": {"cpu": "%3$s"}}}]}}"""
                .formatted(node, any("agent", "other"), any("100m", "1500m")))
        .succeeded();
    ready(node, random.nextBoolean());
  }

  private void ready(String node, boolean ready) {
    admin.strategic(
        "/api/v1/namespaces/" + name + "/pods/agent-" + node + "/status",
        "{\"status\": " + Kubelet.pod(ready) + "}");
  }

  /** Some nodes and pods become ready, as none is watched. */
  void progress() {
    for (String node : nodes()) {
      if (random.nextInt(3) == 0) {
        ready(node, true);
        admin
            .strategic(
                NODES + "/" + node + "/status",
                "{\"status\": {\"conditions\": [" + Kubelet.condition("Ready", true) + "]}}")
            .succeeded();
      }
    }
  }

  /** One to three edits, of different policies. */
  List<Edit> edits() {
    List<Edit> edits = new ArrayList<>();
    for (String policy : List.of("a", "b", "c")) {
      String full = name + "-" + policy;
      boolean exists = policies.containsKey(full);
      if (exists && random.nextInt(4) == 0) {
        edits.add(new Edit(full, Edit.Kind.DELETE, policies.get(full)));
      } else if (random.nextBoolean() || (policies.isEmpty() && edits.isEmpty())) {
        edits.add(new Edit(full, exists ? Edit.Kind.CHANGE : Edit.Kind.CREATE, spec()));
      }
    }
    return edits;
  }

  private JsonObject spec() {
    List<String> fields = new ArrayList<>();
    fields.add(
        "'nodeSelector': {'matchLabels': {'fleet': '%s'%s}}"
            .formatted(name, any("", ", 'pool': 'gpu'", ", 'pool': 'web'")));
    fields.add("'priority': " + random.nextInt(3));
    fields.add("'deletionPolicy': '" + any("Keep", "Keep", "Remove") + "'");
    if (random.nextInt(6) == 0) {
      fields.add("'suspend': true");
    }
    if (random.nextBoolean()) {
      fields.add(
          "'reservation': {'cpu': '%s', 'countReservedPods': %s}"
              .formatted(any("500m", "1", "3"), random.nextBoolean()));
    }
    if (random.nextBoolean()) {
      fields.add(
          "'quota': {'classes': [{'name': '%s', 'cpu': {'weight': %d}, 'advertise': {'cpu': '%s'}}]}"
              .formatted(any("gold", "tin"), 100 + random.nextInt(5), any("50%", "1")));
    }
    if (random.nextInt(3) > 0) {
      fields.add(
          "'warmUp': {'taintNewNodes': %s, 'nodeReady': {}%s}"
              .formatted(
                  random.nextBoolean(),
                  any(
                      "",
                      ", 'csiDrivers': [{'name': 'csi.example.com'}]",
                      ", 'reservedPods': [{'namespace': '%s', 'selector': {'matchLabels': {'app': 'agent'}}}]"
                          .formatted(name))));
    }
    return JsonParser.parseString(("{" + String.join(", ", fields) + "}").replace('\'', '"'))
        .getAsJsonObject();
  }

  /**
   * Applies it. A policy with {@code deletionPolicy: Remove} gets its finalizer here: the
   * controller sets it, too, but decides without the policy until then.
   */
  void apply(Edit edit) {
    if (edit.kind() == Edit.Kind.DELETE) {
      admin.delete(POLICIES + "/" + edit.policy()).succeeded();
      policies.remove(edit.policy());
      deleted.add(edit.policy());
      return;
    }
    JsonObject manifest = edit.manifest();
    if (edit.spec().get("deletionPolicy").getAsString().equals("Remove")) {
      JsonArray finalizers = new JsonArray();
      finalizers.add(DeletionRig.FINALIZER);
      manifest.getAsJsonObject("metadata").add("finalizers", finalizers);
    }
    if (edit.kind() == Edit.Kind.CREATE) {
      admin.post(POLICIES, manifest.toString()).succeeded();
    } else {
      JsonObject before = admin.get(POLICIES + "/" + edit.policy()).succeeded().json();
      JsonObject metadata = before.getAsJsonObject("metadata");
      if (manifest.getAsJsonObject("metadata").has("finalizers")) {
        metadata.add("finalizers", manifest.getAsJsonObject("metadata").get("finalizers"));
      }
      before.add("spec", edit.spec());
      admin
          .send("PUT", POLICIES + "/" + edit.policy(), "application/json", before.toString())
          .succeeded();
    }
    policies.put(edit.policy(), edit.spec());
  }

  /**
   * The policies that the controller has not decided with in their present versions, or that it
   * holds, a line each; empty when there are none.
   */
  String notReconciled() {
    return Stream.concat(deleted.stream(), policies.keySet().stream())
        .distinct()
        .map(policy -> admin.get(POLICIES + "/" + policy))
        .filter(reply -> reply.code() != 404)
        .map(reply -> reply.succeeded().json())
        .filter(policy -> isDeleted(policy) || !isReconciled(policy))
        .map(JsonObject::toString)
        .collect(Collectors.joining("\n"));
  }

  private static boolean isDeleted(JsonObject policy) {
    return policy.getAsJsonObject("metadata").has("deletionTimestamp");
  }

  private static boolean isReconciled(JsonObject policy) {
    return World.text(policy, "status", "observedGeneration")
        .equals(World.text(policy, "metadata", "generation"));
  }

  void remove() {
    for (String policy : policies.keySet()) {
      admin.merge(POLICIES + "/" + policy, "{\"metadata\": {\"finalizers\": null}}");
      admin.delete(POLICIES + "/" + policy);
    }
    nodes().forEach(node -> admin.delete(NODES + "/" + node));
    admin.delete("/api/v1/namespaces/" + name);
  }
}
