// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.node.DaemonSetView.NodeSelectorTerm;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Toleration;
import java.util.List;
import java.util.Map;

/** The fields of a pod that say which nodes it may run on. */
final class PodPlacement {
  private PodPlacement() {}

  static JsonObject affinity(List<NodeSelectorTerm> terms) {
    JsonArray all = new JsonArray();
    for (NodeSelectorTerm term : terms) {
      JsonObject one = new JsonObject();
      one.add("matchExpressions", requirements(term.matchExpressions()));
      one.add("matchFields", requirements(term.matchFields()));
      all.add(one);
    }
    JsonObject required = new JsonObject();
    required.add("nodeSelectorTerms", all);
    JsonObject nodeAffinity = new JsonObject();
    nodeAffinity.add("requiredDuringSchedulingIgnoredDuringExecution", required);
    JsonObject affinity = new JsonObject();
    affinity.add("nodeAffinity", nodeAffinity);
    return affinity;
  }

  private static JsonArray requirements(List<Requirement> requirements) {
    JsonArray all = new JsonArray();
    for (Requirement requirement : requirements) {
      JsonObject one = new JsonObject();
      one.addProperty("key", requirement.key());
      one.addProperty(
          "operator",
          switch (requirement.operator()) {
            case IN -> "In";
            case NOT_IN -> "NotIn";
            case EXISTS -> "Exists";
            case DOES_NOT_EXIST -> "DoesNotExist";
            case GT -> "Gt";
            case LT -> "Lt";
          });
      JsonArray values = new JsonArray();
      requirement.values().forEach(values::add);
      one.add("values", values);
      all.add(one);
    }
    return all;
  }

  static JsonArray tolerations(List<Toleration> tolerations) {
    JsonArray all = new JsonArray();
    for (Toleration toleration : tolerations) {
      JsonObject one = new JsonObject();
      Map.of(
              "key", toleration.key(),
              "operator", toleration.operator(),
              "value", toleration.value(),
              "effect", toleration.effect())
          .forEach(
              (field, value) -> {
                if (!value.isEmpty()) {
                  one.addProperty(field, value);
                }
              });
      all.add(one);
    }
    return all;
  }
}
