// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import java.util.Locale;
import java.util.Optional;

/**
 * One measured value.
 *
 * @param unit "" for a ratio or a number
 * @param goal what it is held against, if anything
 * @param better which values are better, if that can be said
 */
public record Figure(String name, double value, String unit, Optional<Goal> goal, Better better) {

  /** Which of two values is better. */
  public enum Better {
    LOWER,
    HIGHER,
    NEITHER;

    /** Of values with this unit: rates are to be high, times and sizes low. */
    public static Better ofUnit(String unit) {
      return unit.isEmpty() ? NEITHER : unit.endsWith("/s") ? HIGHER : LOWER;
    }
  }

  /** A limit that the value itself still meets. */
  public record Goal(boolean atMost, double limit) {
    boolean met(double value) {
      return atMost ? value <= limit : value >= limit;
    }

    public String text(String unit) {
      return (atMost ? "at most " : "at least ") + number(limit) + space(unit);
    }
  }

  boolean missed() {
    return goal.isPresent() && !goal.get().met(value);
  }

  public String text() {
    return number(value) + space(unit);
  }

  private static String space(String unit) {
    return unit.isEmpty() ? "" : " " + unit;
  }

  /** With as many digits as are of interest. */
  public static String number(double value) {
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e9) {
      return Long.toString((long) value);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
  }
}
