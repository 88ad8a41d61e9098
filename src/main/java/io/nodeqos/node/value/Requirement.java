// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One expression of a label selector or of a node affinity term.
 *
 * @param values the values for {@link Operator#IN} and {@link Operator#NOT_IN}; one whole number
 *     for {@link Operator#GT} and {@link Operator#LT}, which only node affinity knows
 */
public record Requirement(String key, Operator operator, List<String> values) {
  private static final Pattern LABEL_VALUE =
      Pattern.compile("(?=.{0,63}$)(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");

  /** The operators of {@code k8s.io/api/core/v1.NodeSelectorOperator}. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST,
    GT,
    LT
  }

  public Requirement {
    values = List.copyOf(values);
  }

  /**
   * False when Kubernetes cannot read it as a requirement on labels ({@code NewRequirement} in
   * k8s.io/apimachinery/pkg/labels of Kubernetes 1.37).
   */
  public boolean isReadable() {
    boolean fits =
        switch (operator) {
          case IN, NOT_IN -> !values.isEmpty();
          case EXISTS, DOES_NOT_EXIST -> values.isEmpty();
          case GT, LT -> values.size() == 1 && isNumber(values.get(0));
        };
    return fits && values.stream().allMatch(value -> LABEL_VALUE.matcher(value).matches());
  }

  /**
   * False when Kubernetes cannot read it as a requirement on a node's fields ({@code
   * nodeSelectorRequirementsAsFieldSelector} in k8s.io/component-helpers of Kubernetes 1.37).
   */
  public boolean isReadableOnFields() {
    return (operator == Operator.IN || operator == Operator.NOT_IN) && values.size() == 1;
  }

  private static boolean isNumber(String text) {
    try {
      Long.parseLong(text);
      return true;
    } catch (NumberFormatException notANumber) {
      return false;
    }
  }

  public boolean matches(Map<String, String> labels) {
    String value = labels.get(key);
    return switch (operator) {
      case IN -> value != null && values.contains(value);
      case NOT_IN -> value == null || !values.contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
      case GT -> compare(value) > 0;
      case LT -> compare(value) < 0;
    };
  }

  /** Zero, which satisfies neither, when one side is not a whole number. */
  private int compare(String value) {
    try {
      return value == null || values.size() != 1
          ? 0
          : Long.compare(Long.parseLong(value), Long.parseLong(values.get(0)));
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }

  /** The text that {@code kubectl --selector} takes. */
  public String text() {
    String list = " (" + String.join(",", values) + ")";
    return switch (operator) {
      case IN -> key + " in" + list;
      case NOT_IN -> key + " notin" + list;
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
      case GT -> key + ">" + String.join("", values);
      case LT -> key + "<" + String.join("", values);
    };
  }
}
