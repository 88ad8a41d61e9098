// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.patch;

import io.nodeqos.sim.model.ResourceType;
import java.util.HashMap;
import java.util.Map;

/**
 * The lists that a strategic merge patch merges by a key, where all others are replaced whole. From
 * the {@code patchMergeKey} tags in k8s.io/api; only those of the served types. The key "" marks a
 * list of scalars that is merged as a set.
 */
final class MergeKeys {
  private static final Map<String, String> POD_SPEC =
      Map.ofEntries(
          Map.entry("containers", "name"),
          Map.entry("containers.env", "name"),
          Map.entry("containers.ports", "containerPort"),
          Map.entry("containers.volumeMounts", "mountPath"),
          Map.entry("containers.volumeDevices", "devicePath"),
          Map.entry("initContainers", "name"),
          Map.entry("initContainers.env", "name"),
          Map.entry("initContainers.ports", "containerPort"),
          Map.entry("initContainers.volumeMounts", "mountPath"),
          Map.entry("initContainers.volumeDevices", "devicePath"),
          Map.entry("ephemeralContainers", "name"),
          Map.entry("volumes", "name"),
          Map.entry("imagePullSecrets", "name"),
          Map.entry("hostAliases", "ip"),
          Map.entry("resourceClaims", "name"),
          Map.entry("schedulingGates", "name"),
          Map.entry("topologySpreadConstraints", "topologyKey"));

  private static final Map<String, String> ANY =
      Map.of(
          "metadata.ownerReferences", "uid",
          "metadata.finalizers", "",
          "status.conditions", "type");

  private final Map<String, String> keys;

  private MergeKeys(Map<String, String> keys) {
    this.keys = keys;
  }

  static MergeKeys of(ResourceType type) {
    Map<String, String> keys = new HashMap<>(ANY);
    switch (type.names().plural()) {
      case "nodes" -> {
        keys.put("status.addresses", "type");
        keys.put("spec.podCIDRs", "");
      }
      case "pods" -> {
        podSpec(keys, "spec.");
        keys.put("status.podIPs", "ip");
        keys.put("status.hostIPs", "ip");
      }
      case "daemonsets", "deployments" -> podSpec(keys, "spec.template.spec.");
      case "serviceaccounts" -> {
        keys.put("secrets", "name");
        keys.put("imagePullSecrets", "name");
      }
      case "csinodes" -> keys.put("spec.drivers", "name");
      default -> {}
    }
    return new MergeKeys(keys);
  }

  /**
   * The key of the list at the dotted path (list items have no step of their own), "" for a set of
   * scalars, null for a list that is replaced whole.
   */
  String at(String path) {
    return keys.get(path);
  }

  private static void podSpec(Map<String, String> keys, String prefix) {
    POD_SPEC.forEach((path, key) -> keys.put(prefix + path, key));
  }
}
