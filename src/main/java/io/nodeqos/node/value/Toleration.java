// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A toleration of a pod, which matches taints as {@code Toleration.ToleratesTaint} of {@code
 * k8s.io/api/core/v1} in Kubernetes 1.37.
 *
 * @param key empty matches every key
 * @param operator as the API has it; empty is Equal
 * @param effect empty matches every effect
 */
public record Toleration(String key, String operator, String value, String effect) {
  private static final Set<String> KNOWN = Set.of("", "Equal", "Exists", "Lt", "Gt");

  /** A canonical whole number: no sign except a minus, no leading zero. */
  private static final Pattern CANONICAL = Pattern.compile("0|-?[1-9][0-9]{0,18}");

  /**
   * True when it tolerates the taint for certain. {@code Gt} tolerates values above its own, {@code
   * Lt} those below (KEP-5471); a value that is no whole number of 64 bits in canonical form is not
   * tolerated. They count even where the feature gate TaintTolerationComparisonOperators is off and
   * the DaemonSet controller disregards them: its state is not visible to clients, and a gate
   * reports a pod that it waits for, but not a pod that it wrongly ignores.
   */
  public boolean tolerates(Taint taint) {
    return concerns(taint)
        && switch (operator) {
          case "", "Equal" -> value.equals(taint.value());
          case "Exists" -> true;
          case "Lt" -> areNumbers(taint) && number(taint.value()) < number(value);
          case "Gt" -> areNumbers(taint) && number(taint.value()) > number(value);
          default -> false;
        };
  }

  /** True when its operator is of a later API version, so that it may tolerate the taint. */
  public boolean mayTolerate(Taint taint) {
    return concerns(taint) && !KNOWN.contains(operator);
  }

  private boolean concerns(Taint taint) {
    return (effect.isEmpty() || effect.equals(taint.effect()))
        && (key.isEmpty() || key.equals(taint.key()));
  }

  private boolean areNumbers(Taint taint) {
    return isNumber(value) && isNumber(taint.value());
  }

  private static boolean isNumber(String text) {
    if (!CANONICAL.matcher(text).matches()) {
      return false;
    }
    try {
      Long.parseLong(text);
      return true;
    } catch (NumberFormatException tooLarge) {
      return false;
    }
  }

  private static long number(String text) {
    return Long.parseLong(text);
  }
}
