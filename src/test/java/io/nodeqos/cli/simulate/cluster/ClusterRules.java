// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.sim.fleet.FleetDaemonSets;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.store.StoredEvent;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules for every write of the controller to the embedded API: nothing of others changes, and a
 * node gets its mark only after its gates were open in its present boot.
 */
final class ClusterRules {
  private final Set<String> images;

  /** The boots in which all gates of a node were open at some moment. */
  private final Set<String> open = new HashSet<>();

  private final Map<String, String> bootOf = new HashMap<>();
  private final Map<String, Instant> bootedAt = new HashMap<>();

  /** An object before a write. */
  record Before(RequestTarget target, Optional<JsonObject> object) {}

  /**
   * @param images that a node must have before its mark
   */
  ClusterRules(Set<String> images) {
    this.images = images;
  }

  /** Something has changed on the server. */
  void happened(String collection, StoredEvent event, VirtualApi api) {
    JsonObject object = event.object().parse();
    switch (collection) {
      case CacheFeed.NODES -> look(event.object().key().name(), api);
      case CacheFeed.PODS -> look(Json.string(object, "spec", "nodeName"), api);
      case CacheFeed.CSI_NODES -> look(event.object().key().name(), api);
      default -> {
        // Decides no gate.
      }
    }
  }

  private void look(String name, VirtualApi api) {
    api.object(CacheFeed.NODES, "", name == null ? "" : name)
        .map(StoredObject::parse)
        .ifPresent(node -> look(node, api));
  }

  private void look(JsonObject node, VirtualApi api) {
    String name = Json.string(node, "metadata", "name");
    String boot = boot(node);
    String before = bootOf.put(name, boot);
    if (before != null && !before.equals(boot)) {
      // Status of the boot before is no evidence.
      bootedAt.put(boot, lastReport(node));
    }
    if (!open.contains(boot)
        && areOpen(node, name, bootedAt.getOrDefault(boot, Instant.MIN), api)) {
      open.add(boot);
    }
  }

  private static Instant lastReport(JsonObject node) {
    return Json.objects(node, "status", "conditions").stream()
        .filter(c -> Json.string(c, "type").equals("Ready"))
        .map(c -> Instant.parse(Json.string(c, "lastHeartbeatTime")))
        .findFirst()
        .orElse(Instant.MIN);
  }

  private static String boot(JsonObject node) {
    return Json.string(node, "metadata", "uid")
        + "/"
        + Json.string(node, "status", "nodeInfo", "bootID");
  }

  private boolean areOpen(JsonObject node, String name, Instant since, VirtualApi api) {
    Set<String> present = new HashSet<>();
    Json.objects(node, "status", "images").forEach(i -> present.addAll(Json.strings(i, "names")));
    return isReady(node, Instant.MIN)
        && present.containsAll(images)
        && api.objects(CacheFeed.PODS).stream()
            .map(StoredObject::parse)
            .filter(pod -> name.equals(Json.string(pod, "spec", "nodeName")))
            .filter(
                pod ->
                    FleetDaemonSets.NETWORK_AGENT.equals(
                        Json.string(pod, "metadata", "labels", "k8s-app")))
            .anyMatch(pod -> isReady(pod, since));
  }

  private static boolean isReady(JsonObject object, Instant since) {
    return Json.objects(object, "status", "conditions").stream()
        .filter(c -> "Ready".equals(Json.string(c, "type")))
        .anyMatch(
            c ->
                "True".equals(Json.string(c, "status"))
                    && !Instant.parse(Json.string(c, "lastTransitionTime")).isBefore(since));
  }

  Before before(RequestTarget target, VirtualApi api) {
    return new Before(target, now(target, api));
  }

  static Optional<JsonObject> now(RequestTarget target, VirtualApi api) {
    return api.object(target.collection(), target.namespace(), target.name())
        .map(StoredObject::parse);
  }

  /** A write of the controller was carried out. */
  void written(Before before, VirtualApi api) {
    Optional<JsonObject> after = now(before.target(), api);
    switch (before.target().collection()) {
      case CacheFeed.NODES -> node(before.object().orElseThrow(), after.orElseThrow(), api);
      case CacheFeed.POLICIES ->
          after.ifPresent(
              now ->
                  assertEquals(policyOfOthers(before.object().orElseThrow()), policyOfOthers(now)));
      case CacheFeed.DAEMON_SETS -> isOurs(before, Keys.SPINNER);
      case CacheFeed.REVISIONS -> isOurs(before, Keys.REVISION_OF);
      default -> throw new AssertionError("a write to " + before.target());
    }
  }

  private static void isOurs(Before before, String label) {
    assertEquals(FaultCluster.NAMESPACE, before.target().namespace());
    before
        .object()
        .ifPresent(o -> assertTrue(Json.stringMap(o, "metadata", "labels").containsKey(label)));
  }

  private void node(JsonObject before, JsonObject after, VirtualApi api) {
    assertEquals(nodeOfOthers(before), nodeOfOthers(after), "the part of others");
    boolean freed = isTainted(before) && !isTainted(after);
    if (freed || (!isMarked(before) && isMarked(after))) {
      look(after, api);
      assertTrue(
          open.contains(boot(after)),
          () -> "free before its gates were open: " + before + "\nis now\n" + after);
    }
  }

  static boolean isTainted(JsonObject node) {
    return Json.objects(node, "spec", "taints").stream()
        .anyMatch(t -> Keys.STARTUP_TAINT.equals(Json.string(t, "key")));
  }

  static boolean isMarked(JsonObject node) {
    return "true".equals(Json.string(node, "metadata", "labels", Keys.WARMED_UP));
  }

  private static JsonObject nodeOfOthers(JsonObject node) {
    JsonObject rest = ofOthers(node);
    Json.childObject(rest.getAsJsonObject("metadata"), "labels")
        .keySet()
        .removeAll(Keys.OWN_LABELS);
    Json.childObject(rest.getAsJsonObject("metadata"), "annotations")
        .keySet()
        .removeAll(Keys.OWN_ANNOTATIONS);
    without(rest.getAsJsonObject("spec"), "taints", "key", Keys.STARTUP_TAINT);
    JsonObject status = rest.getAsJsonObject("status");
    without(status, "conditions", "type", Keys.WARMED_UP_CONDITION);
    for (String resources : List.of("capacity", "allocatable")) {
      JsonObject present = Json.childObject(status, resources);
      present.keySet().removeIf(Keys::isOwnResource);
      // The server writes a quantity in its own form at the first write.
      present
          .keySet()
          .forEach(
              key -> present.addProperty(key, Quantity.parse(Json.string(present, key)).ceil()));
    }
    status.add("images", Json.array(status, "images"));
    return rest;
  }

  private static JsonObject policyOfOthers(JsonObject policy) {
    JsonObject rest = ofOthers(policy);
    rest.remove("status");
    JsonArray others = new JsonArray();
    for (JsonElement finalizer : Json.array(rest, "metadata", "finalizers")) {
      if (!finalizer.getAsString().equals(Keys.FINALIZER)) {
        others.add(finalizer);
      }
    }
    rest.getAsJsonObject("metadata").add("finalizers", others);
    return rest;
  }

  private static JsonObject ofOthers(JsonObject object) {
    JsonObject rest = object.deepCopy();
    JsonObject metadata = rest.getAsJsonObject("metadata");
    List.of("resourceVersion", "generation", "managedFields").forEach(metadata::remove);
    return rest;
  }

  private static void without(JsonObject parent, String list, String key, String value) {
    JsonArray others = new JsonArray();
    for (JsonElement each : Json.array(parent, list)) {
      if (!value.equals(Json.string(each.getAsJsonObject(), key))) {
        others.add(each);
      }
    }
    parent.add(list, others);
  }
}
