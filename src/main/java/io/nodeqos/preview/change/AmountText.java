// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

import io.nodeqos.node.value.Quantity;
import java.math.BigDecimal;
import java.util.Optional;

/** Amounts in the texts of changes: plain numbers, quantities, and the values of cpu.max. */
final class AmountText {
  private AmountText() {}

  /** Empty when it is no amount. */
  static Optional<BigDecimal> of(String text) {
    // "2400000 100000": quota and period.
    String first = text.matches("\\d+ \\d+") ? text.substring(0, text.indexOf(' ')) : text;
    try {
      return Optional.of(BigDecimal.valueOf(Quantity.parse(first).milliFloor(), 3));
    } catch (IllegalArgumentException other) {
      return Optional.empty();
    }
  }
}
