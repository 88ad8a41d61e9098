// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import java.util.List;
import java.util.Optional;

/** New nodes that are like present ones. */
final class NodeCopies {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  /** Prefixes of taints that a new node gets anew, or not at all. */
  private static final List<String> PASSING =
      List.of(
          "node.kubernetes.io/",
          Keys.PREFIX,
          Keys.AUTOSCALER_STARTUP_TAINT_PREFIX,
          Keys.READINESS_TAINT_PREFIX);

  private NodeCopies() {}

  /**
   * A Node as the kubelet of a new machine of the same kind registers it.
   *
   * @param startupTaint a taint of the kubelet's {@code --register-with-taints}
   */
  static JsonObject of(JsonObject like, String name, Optional<JsonObject> startupTaint, long seed) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", name);
    JsonObject labels = new JsonObject();
    FleetJson.strings(like, "metadata", "labels")
        .forEach(
            (key, value) -> {
              if (!Keys.OWN_LABELS.contains(key)) {
                labels.addProperty(key, key.equals(HOSTNAME) ? name : value);
              }
            });
    metadata.add("labels", labels);
    JsonObject spec = new JsonObject();
    spec.add("taints", taints(like, startupTaint));
    JsonObject node = new JsonObject();
    node.addProperty("apiVersion", "v1");
    node.addProperty("kind", "Node");
    node.add("metadata", metadata);
    node.add("spec", spec);
    node.add("status", status(like, name, seed));
    return node;
  }

  private static JsonArray taints(JsonObject like, Optional<JsonObject> startupTaint) {
    JsonArray taints = new JsonArray();
    startupTaint.ifPresent(taints::add);
    taints.add(
        JsonParser.parseString(
            "{\"key\": \"" + FleetNodes.NOT_READY_TAINT + "\", \"effect\": \"NoSchedule\"}"));
    for (JsonObject taint : FleetJson.objects(like, "spec", "taints")) {
      String key = FleetJson.text(taint, "key");
      if (PASSING.stream().noneMatch(key::startsWith)) {
        taints.add(taint.deepCopy());
      }
    }
    return taints;
  }

  private static JsonObject status(JsonObject like, String name, long seed) {
    JsonObject status = new JsonObject();
    for (String amounts : List.of("capacity", "allocatable")) {
      JsonObject kept = new JsonObject();
      FleetJson.strings(like, "status", amounts)
          .forEach(
              (resource, amount) -> {
                if (!Keys.isOwnResource(resource)) {
                  kept.addProperty(resource, amount);
                }
              });
      status.add(amounts, kept);
    }
    JsonElement info = FleetJson.at(like, "status", "nodeInfo");
    JsonObject nodeInfo = info == null ? new JsonObject() : info.deepCopy().getAsJsonObject();
    nodeInfo.addProperty("bootID", FleetNodes.uuid(seed, name + "/boot"));
    status.add("nodeInfo", nodeInfo);
    status.add("images", new JsonArray());
    return status;
  }

  /** Names that go on from those of the present nodes: after gpu-00199 comes gpu-00200. */
  static String next(String like, int number) {
    int end = like.length();
    int begin = end;
    while (begin > 0 && Character.isDigit(like.charAt(begin - 1))) {
      begin--;
    }
    if (begin == end || end - begin > 9) {
      return like + "-new-" + number;
    }
    return like.substring(0, begin) + ("%0" + (end - begin) + "d").formatted(number);
  }
}
