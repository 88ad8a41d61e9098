// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.node.value.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Label selectors in the syntax of kubectl. */
final class SelectorText {
  private SelectorText() {}

  /** For {@code kubectl get -l}; empty when it selects everything. */
  static String of(LabelSelector selector) {
    List<String> parts = new ArrayList<>();
    new TreeMap<>(selector.matchLabels()).forEach((key, value) -> parts.add(key + "=" + value));
    selector.matchExpressions().forEach(r -> parts.add(text(r)));
    return String.join(",", parts);
  }

  /** The first part that these labels do not meet, as a clause; empty when all match. */
  static String mismatch(LabelSelector selector, Map<String, String> labels) {
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
            + text(requirement)
            + ", and the node has "
            + (value == null ? "no such label" : requirement.key() + "=" + value);
      }
    }
    return "";
  }

  /** The label of the first part that these labels do not meet; empty when all match. */
  static String mismatchedKey(LabelSelector selector, Map<String, String> labels) {
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

  private static String text(Requirement r) {
    String values = String.join(",", r.values());
    return switch (r.operator()) {
      case IN -> r.key() + " in (" + values + ")";
      case NOT_IN -> r.key() + " notin (" + values + ")";
      case EXISTS -> r.key();
      case DOES_NOT_EXIST -> "!" + r.key();
      case GT -> r.key() + ">" + values;
      case LT -> r.key() + "<" + values;
    };
  }
}
