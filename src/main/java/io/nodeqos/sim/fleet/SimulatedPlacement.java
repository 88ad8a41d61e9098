// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * Where the DaemonSet controller puts pods: by node selector, required node affinity and taints, as
 * in its documentation.
 */
final class SimulatedPlacement {

  /** The input of the placement; equal facts give the same placement. */
  record NodeFacts(String name, Map<String, String> labels, List<Taint> taints) {
    static NodeFacts of(JsonObject node) {
      return new NodeFacts(
          FleetJson.name(node),
          FleetJson.strings(node, "metadata", "labels"),
          FleetJson.objects(node, "spec", "taints").stream().map(Taint::of).toList());
    }
  }

  record Taint(String key, String value, String effect) {
    static Taint of(JsonObject taint) {
      return new Taint(
          FleetJson.text(taint, "key"),
          FleetJson.text(taint, "value"),
          FleetJson.text(taint, "effect"));
    }
  }

  private SimulatedPlacement() {}

  /** Whether an absent pod is created. */
  static boolean shouldRun(JsonObject daemonSet, NodeFacts node) {
    return selects(daemonSet, node) && tolerates(daemonSet, node, "NoSchedule");
  }

  /** Whether an existing pod may stay: a taint of effect NoSchedule evicts nothing. */
  static boolean mayStay(JsonObject daemonSet, NodeFacts node) {
    return selects(daemonSet, node) && tolerates(daemonSet, node, "NoExecute");
  }

  private static boolean selects(JsonObject daemonSet, NodeFacts node) {
    String[] spec = {"spec", "template", "spec"};
    Map<String, String> selector =
        FleetJson.strings(daemonSet, spec[0], spec[1], spec[2], "nodeSelector");
    if (!node.labels().entrySet().containsAll(selector.entrySet())) {
      return false;
    }
    List<JsonObject> terms =
        FleetJson.objects(
            daemonSet,
            spec[0],
            spec[1],
            spec[2],
            "affinity",
            "nodeAffinity",
            "requiredDuringSchedulingIgnoredDuringExecution",
            "nodeSelectorTerms");
    return terms.isEmpty() || terms.stream().anyMatch(term -> matches(term, node));
  }

  private static boolean matches(JsonObject term, NodeFacts node) {
    return FleetJson.objects(term, "matchExpressions").stream()
            .allMatch(expression -> holds(expression, node.labels()))
        && FleetJson.objects(term, "matchFields").stream()
            .allMatch(field -> holds(field, Map.of("metadata.name", node.name())));
  }

  private static boolean holds(JsonObject expression, Map<String, String> labels) {
    String value = labels.get(FleetJson.text(expression, "key"));
    boolean listed = false;
    if (FleetJson.at(expression, "values") instanceof Iterable<?> values) {
      for (Object one : values) {
        listed |= value != null && ((JsonElement) one).getAsString().equals(value);
      }
    }
    String operator = FleetJson.text(expression, "operator");
    return switch (operator) {
      case "In" -> listed;
      case "NotIn" -> !listed;
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt", "Lt" -> value != null && compares(expression, operator.equals("Gt"), value);
      default ->
          throw new IllegalStateException(
              "node affinity operator " + operator + " is not simulated");
    };
  }

  private static boolean compares(JsonObject expression, boolean greater, String value) {
    try {
      JsonElement bound = expression.getAsJsonArray("values").get(0);
      int order = Long.compare(Long.parseLong(value), bound.getAsLong());
      return greater ? order > 0 : order < 0;
    } catch (NumberFormatException notNumbers) {
      return false;
    }
  }

  // NoExecute also keeps pods from being placed, so asking for NoSchedule asks for both.
  private static boolean tolerates(JsonObject daemonSet, NodeFacts node, String effect) {
    List<JsonObject> tolerations = FleetDaemonSets.tolerations(daemonSet);
    return node.taints().stream()
        .filter(taint -> taint.effect().equals(effect) || taint.effect().equals("NoExecute"))
        .allMatch(taint -> tolerations.stream().anyMatch(toleration -> covers(toleration, taint)));
  }

  private static boolean covers(JsonObject toleration, Taint taint) {
    String effect = FleetJson.text(toleration, "effect");
    String key = FleetJson.text(toleration, "key");
    boolean exists = FleetJson.text(toleration, "operator").equals("Exists");
    return (effect.isEmpty() || effect.equals(taint.effect()))
        && (key.equals(taint.key()) || (key.isEmpty() && exists))
        && (exists || FleetJson.text(toleration, "value").equals(taint.value()));
  }
}
