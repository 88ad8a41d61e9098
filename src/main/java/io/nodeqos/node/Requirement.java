// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.List;
import java.util.Map;

/**
 * One expression of a label selector or of a node affinity term.
 *
 * @param values what {@link Operator#IN} and {@link Operator#NOT_IN} compare with; one whole number
 *     for {@link Operator#GT} and {@link Operator#LT}, which only node affinity knows
 */
public record Requirement(String key, Operator operator, List<String> values) {
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
}
