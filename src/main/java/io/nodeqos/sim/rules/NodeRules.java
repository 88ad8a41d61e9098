// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The server's additions to a Node, its omissions and its checks. */
final class NodeRules {
  private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  private NodeRules() {}

  /** A capacity without allocatable resources is allocatable; empty fields are left out. */
  static void complete(JsonObject node) {
    JsonObject spec = Json.object(node, "spec");
    if (Json.string(spec, "unschedulable").equals("false")) {
      spec.remove("unschedulable");
    }
    JsonObject status = Json.object(node, "status");
    JsonObject capacity = Json.object(status, "capacity");
    if (capacity != null && Json.object(status, "allocatable") == null) {
      status.add("allocatable", capacity.deepCopy());
    }
    for (String list : List.of("capacity", "allocatable")) {
      JsonObject resources = Json.object(status, list);
      if (resources != null && resources.isEmpty()) {
        status.remove(list);
      }
    }
  }

  /**
   * @throws ApiException 422 for a taint without a key, of an unknown effect, or twice; for a
   *     negative quantity, and for a part of an extended resource
   */
  static void check(ResourceType type, JsonObject node) {
    List<Cause> causes = new ArrayList<>();
    checkTaints(node, causes);
    checkQuantities(node, "capacity", causes);
    checkQuantities(node, "allocatable", causes);
    if (!causes.isEmpty()) {
      throw new ApiException(
          ApiStatus.invalid(type, Json.string(node, "metadata", "name"), causes));
    }
  }

  private static void checkTaints(JsonObject node, List<Cause> causes) {
    Set<String> seen = new HashSet<>();
    List<JsonObject> taints = Json.objects(node, "spec", "taints");
    for (int i = 0; i < taints.size(); i++) {
      String at = "metadata.taints[" + i + "]";
      String key = Json.string(taints.get(i), "key");
      String effect = Json.string(taints.get(i), "effect");
      if (key.isEmpty()) {
        causes.add(Cause.required(at + ".key"));
      }
      if (!EFFECTS.contains(effect)) {
        causes.add(
            new Cause(
                "FieldValueNotSupported", at + ".effect", "Unsupported value: \"" + effect + "\""));
      }
      if (!seen.add(key + ":" + effect)) {
        causes.add(
            new Cause(
                "FieldValueDuplicate",
                at,
                "Duplicate value: taints must be unique by key and effect pair"));
      }
    }
  }

  private static void checkQuantities(JsonObject node, String list, List<Cause> causes) {
    Json.stringMap(node, "status", list)
        .forEach(
            (name, quantity) -> {
              String at = "status." + list + "." + name;
              if (quantity.startsWith("-")) {
                causes.add(
                    Cause.invalid(at, "\"" + quantity + "\": must be greater than or equal to 0"));
              }
              boolean extended = name.contains("/") && !name.contains("kubernetes.io/");
              if (extended && !QuantityRules.isWhole(quantity)) {
                causes.add(Cause.invalid(at, "\"" + quantity + "\": must be an integer"));
              }
            });
  }
}
