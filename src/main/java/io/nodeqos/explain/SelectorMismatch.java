// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.node.value.Requirement;
import java.util.Map;
import java.util.TreeMap;

/** Why a selector does not select a node. */
final class SelectorMismatch {
  private SelectorMismatch() {}

  /** The first part that these labels do not meet, as a clause; empty when all match. */
  static String clause(LabelSelector selector, Map<String, String> labels) {
    for (Map.Entry<String, String> wanted : new TreeMap<>(selector.matchLabels()).entrySet()) {
      String value = labels.get(wanted.getKey());
      if (!wanted.getValue().equals(value)) {
        return "wants the label "
            + wanted.getKey()
            + "="
            + wanted.getValue()
            + ", and the node has "
            + (value == null ? "no such label" : wanted.getKey() + "=" + value);
      }
    }
    for (Requirement requirement : selector.matchExpressions()) {
      if (!requirement.matches(labels)) {
        String value = labels.get(requirement.key());
        return "wants "
            + requirement.text()
            + ", and the node has "
            + (value == null ? "no such label" : requirement.key() + "=" + value);
      }
    }
    return "";
  }

  /** The label of the first part that these labels do not meet; empty when all match. */
  static String key(LabelSelector selector, Map<String, String> labels) {
    return new TreeMap<>(selector.matchLabels())
        .entrySet().stream()
            .filter(wanted -> !wanted.getValue().equals(labels.get(wanted.getKey())))
            .map(Map.Entry::getKey)
            .findFirst()
            .or(
                () ->
                    selector.matchExpressions().stream()
                        .filter(r -> !r.matches(labels))
                        .map(Requirement::key)
                        .findFirst())
            .orElse("");
  }
}
