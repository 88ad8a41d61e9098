// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import io.nodeqos.node.value.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** A quantity, or a percentage of some base that the field's description names. */
public sealed interface Amount {
  /** Canonical text: equal amounts of one kind print alike. */
  String text();

  /** In thousandths of a unit, rounded down; {@code baseMilli} in thousandths as well. */
  long milliOf(long baseMilli);

  /** In whole units, rounded down. */
  long unitsOf(long baseUnits);

  /** A fixed quantity, zero or more. */
  record Fixed(Quantity quantity) implements Amount {
    @Override
    public String text() {
      return quantity.toString();
    }

    @Override
    public long milliOf(long baseMilli) {
      return quantity.milliFloor();
    }

    @Override
    public long unitsOf(long baseUnits) {
      return quantity.floor();
    }
  }

  /** A percentage from 0 to 100. */
  record Percent(BigDecimal percent) implements Amount {
    @Override
    public String text() {
      return (percent.signum() == 0 ? "0" : percent.stripTrailingZeros().toPlainString()) + "%";
    }

    @Override
    public long milliOf(long baseMilli) {
      return share(baseMilli);
    }

    @Override
    public long unitsOf(long baseUnits) {
      return share(baseUnits);
    }

    private long share(long base) {
      return percent
          .multiply(BigDecimal.valueOf(base))
          .movePointLeft(2)
          .setScale(0, RoundingMode.FLOOR)
          .longValue();
    }
  }

  /**
   * Parses {@code 25%}, {@code 500m}, {@code 2Gi}.
   *
   * @throws IllegalArgumentException with a sentence that names the value and the allowed values
   */
  static Amount parse(String text) {
    if (text.endsWith("%")) {
      try {
        BigDecimal percent = new BigDecimal(text.substring(0, text.length() - 1));
        if (text.length() <= 12
            && percent.signum() >= 0
            && percent.compareTo(BigDecimal.valueOf(100)) <= 0) {
          return new Percent(percent);
        }
      } catch (NumberFormatException notANumber) {
        // Falls through to the common sentence.
      }
      throw new IllegalArgumentException("\"" + text + "\" is not a percentage from 0% to 100%");
    }
    Quantity quantity = Quantity.parse(text);
    if (quantity.isNegative()) {
      throw new IllegalArgumentException("\"" + text + "\" is negative; zero or more is allowed");
    }
    return new Fixed(quantity);
  }
}
