// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The canonical text of a resource quantity, by the rules of {@code Quantity.CanonicalizeBytes} in
 * k8s.io/apimachinery: no precision lost, no fraction, the largest suffix. A binary quantity below
 * 1 or within (-1024, 1024) is written decimal.
 */
final class Quantities {
  private static final Pattern SYNTAX =
      Pattern.compile(
          "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?");
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final Map<Integer, String> DECIMAL =
      Map.of(-9, "n", -6, "u", -3, "m", 0, "", 3, "k", 6, "M", 9, "G", 12, "T", 15, "P", 18, "E");
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  private Quantities() {}

  /** The canonical form; empty when the text is no quantity. */
  static Optional<String> canonical(String text) {
    Matcher matcher = SYNTAX.matcher(text.trim());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String suffix = matcher.group(2) == null ? "" : matcher.group(2);
    if (suffix.endsWith("i")) {
      BigDecimal value = number.multiply(KIBI.pow("KMGTPE".indexOf(suffix.charAt(0)) + 1));
      boolean small = value.abs().compareTo(KIBI) < 0;
      return Optional.of(small ? decimal(value, false) : binary(value));
    }
    if (suffix.length() > 1) {
      int exponent = Integer.parseInt(suffix.substring(1));
      return Optional.of(decimal(number.scaleByPowerOfTen(exponent), true));
    }
    int exponent =
        DECIMAL.entrySet().stream()
            .filter(entry -> entry.getValue().equals(suffix))
            .findFirst()
            .orElseThrow()
            .getKey();
    return Optional.of(decimal(number.scaleByPowerOfTen(exponent), false));
  }

  private static String binary(BigDecimal value) {
    BigInteger number = value.setScale(0, RoundingMode.UP).toBigIntegerExact();
    BigInteger kibi = BigInteger.valueOf(1024);
    int suffix = 0;
    while (suffix < BINARY.length - 1 && number.mod(kibi).signum() == 0 && number.signum() != 0) {
      number = number.divide(kibi);
      suffix++;
    }
    return number + BINARY[suffix];
  }

  private static String decimal(BigDecimal value, boolean exponentForm) {
    BigDecimal number = value.setScale(9, RoundingMode.UP).stripTrailingZeros();
    if (number.signum() == 0) {
      return "0";
    }
    int exponent = Math.min(18, Math.floorDiv(-number.scale(), 3) * 3);
    BigInteger mantissa = number.scaleByPowerOfTen(-exponent).toBigIntegerExact();
    if (exponentForm) {
      return exponent == 0 ? mantissa.toString() : mantissa + "e" + exponent;
    }
    return mantissa + DECIMAL.get(exponent);
  }
}
