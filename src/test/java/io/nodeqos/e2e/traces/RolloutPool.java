// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.traces;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Kubelet;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.jaeger.TraceSpan;
import io.nodeqos.realapi.ControlPlane;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Nodes without agents, and the policy whose changes they get step by step. */
final class RolloutPool {
  private static final String NODES = "/api/v1/nodes";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";

  private final Api admin;
  private final String name = "roll-" + UUID.randomUUID().toString().substring(0, 8);

  private RolloutPool(Api admin) {
    this.admin = admin;
  }

  /** All nodes carry the first revision. */
  static RolloutPool create(ControlPlane plane, int nodes) {
    RolloutPool pool = new RolloutPool(Api.admin(plane));
    pool.admin
        .post(
            POLICIES,
            """
            {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
             "metadata": {"name": "%1$s"},
             "spec": {"nodeSelector": {"matchLabels": {"pool": "%1$s"}},
               "reservation": {"cpu": "100m"}}}"""
                .formatted(pool.name))
        .succeeded();
    IntStream.range(0, nodes).forEach(pool::createNode);
    Poll.until(
        "configured nodes",
        () ->
            pool.admin
                .get(NODES + "?labelSelector=pool%3D" + pool.name)
                .succeeded()
                .json()
                .getAsJsonArray("items"),
        items ->
            StreamSupport.stream(items.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .noneMatch(n -> World.label(n, "nodeqos.io/config-version").isEmpty()));
    pool.until("a stable revision", rollout -> !text(rollout, "stable").isEmpty());
    return pool;
  }

  String policy() {
    return name;
  }

  String node(int number) {
    return name + "-" + number;
  }

  private void createNode(int number) {
    admin
        .post(
            NODES,
            """
            {"metadata": {"name": "%s", "labels": {"pool": "%s"}}}"""
                .formatted(node(number), name))
        .succeeded();
    ready(number, true);
  }

  /** As the kubelet reports it. */
  void ready(int number, boolean ready) {
    admin
        .strategic(
            NODES + "/" + node(number) + "/status",
            """
            {"status": {"nodeInfo": {"bootID": "boot-1"},
              "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110"},
              "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
              "conditions": [%s]}}"""
                .formatted(Kubelet.condition("Ready", ready)))
        .succeeded();
  }

  /** A change of the policy that goes out in these steps. */
  void change(String reservedCpu, String steps) {
    admin
        .merge(
            POLICIES + "/" + name,
            """
            {"spec": {"reservation": {"cpu": "%s"},
              "rollout": {"steps": %s, "health": {"for": "1s"}}}}"""
                .formatted(reservedCpu, steps))
        .succeeded();
  }

  void promote(JsonObject rollout) {
    admin
        .merge(
            POLICIES + "/" + name,
            """
            {"metadata": {"annotations": {"nodeqos.io/rollout": "promote=%s/%s"}}}"""
                .formatted(text(rollout, "target"), text(rollout, "step")))
        .succeeded();
  }

  /** The record once it is as wanted. */
  JsonObject until(String description, Predicate<JsonObject> wanted) {
    return Poll.until(description, 90, this::rollout, wanted);
  }

  private JsonObject rollout() {
    JsonObject status = policyObject().getAsJsonObject("status");
    return status == null || !status.has("rollout")
        ? new JsonObject()
        : status.getAsJsonObject("rollout");
  }

  private JsonObject policyObject() {
    return admin.get(POLICIES + "/" + name).succeeded().json();
  }

  /** The nodes that carry a revision. */
  List<String> carrying(String revision) {
    return StreamSupport.stream(
            admin
                .get(NODES + "?labelSelector=pool%3D" + name)
                .succeeded()
                .json()
                .getAsJsonArray("items")
                .spliterator(),
            false)
        .map(JsonElement::getAsJsonObject)
        .filter(
            n ->
                World.text(n, "metadata", "annotations", "nodeqos.io/config")
                    .contains("\"" + name + "\":\"" + revision + "\""))
        .map(n -> World.text(n, "metadata", "name"))
        .sorted()
        .toList();
  }

  /** The reasons of the Events about the policy, the oldest first. */
  List<String> events() {
    return StreamSupport.stream(
            admin
                .get("/apis/events.k8s.io/v1/namespaces/default/events")
                .succeeded()
                .json()
                .getAsJsonArray("items")
                .spliterator(),
            false)
        .map(JsonElement::getAsJsonObject)
        .filter(e -> World.text(e, "regarding", "name").equals(name))
        .map(e -> World.text(e, "eventTime") + " " + World.text(e, "reason"))
        .sorted()
        .map(e -> e.substring(e.indexOf(' ') + 1))
        .filter(reason -> reason.startsWith("Roll"))
        .toList();
  }

  /** The root of the trace, by the rule of the page on tracing. */
  TraceSpan.Id root(JsonObject rollout) {
    String of =
        "rollout/%s/%s/%s"
            .formatted(
                World.text(policyObject(), "metadata", "uid"),
                text(rollout, "target"),
                text(rollout, "startedAt"));
    try {
      String hash =
          HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8)));
      return new TraceSpan.Id(hash.substring(0, 32), hash.substring(32, 48));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(JsonObject rollout, String field) {
    return World.text(rollout, field);
  }
}
