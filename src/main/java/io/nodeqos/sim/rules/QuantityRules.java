// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the server writes the quantities of a resource list: rounded up to thousandths, then without
 * a fraction and with the largest suffix that loses nothing. By {@code ParseQuantity} and {@code
 * CanonicalizeBytes} of k8s.io/apimachinery, which keep a decimal text that looks canonical
 * (1.316k, 00012).
 */
final class QuantityRules {
  private static final Pattern SYNTAX =
      Pattern.compile("([+-]?)0*([0-9]*)(?:\\.([0-9]*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?");
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final Map<Integer, String> DECIMAL =
      Map.of(-9, "n", -6, "u", -3, "m", 0, "", 3, "k", 6, "M", 9, "G", 12, "T", 15, "P", 18, "E");
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int MILLI = -3;

  /** More digits than an int64 is sure to hold are never kept unchanged. */
  private static final int SAFE_DIGITS = 18;

  private QuantityRules() {}

  /** The server's form; empty when the text is no quantity. */
  static Optional<String> canonical(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      return Optional.empty();
    }
    String whole = matcher.group(2).isEmpty() ? "0" : matcher.group(2);
    String fraction = matcher.group(3) == null ? "" : matcher.group(3);
    String suffix = matcher.group(4) == null ? "" : matcher.group(4);
    BigDecimal number = new BigDecimal(matcher.group(1) + whole + "." + fraction + "0");
    if (suffix.endsWith("i")) {
      return Optional.of(binary(number.multiply(KIBI.pow("KMGTPE".indexOf(suffix.charAt(0)) + 1))));
    }
    boolean exponential = suffix.length() > 1;
    int exponent = exponential ? Integer.parseInt(suffix.substring(1)) : exponentOf(suffix);
    if (looksCanonical(whole + fraction, exponent - fraction.length())) {
      return Optional.of(text);
    }
    return Optional.of(decimal(number.scaleByPowerOfTen(exponent), exponential));
  }

  private static int exponentOf(String suffix) {
    return DECIMAL.entrySet().stream()
        .filter(entry -> entry.getValue().equals(suffix))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static boolean looksCanonical(String digits, int scale) {
    return digits.length() <= SAFE_DIGITS
        && scale >= MILLI
        && scale % 3 == 0
        && !digits.endsWith("000")
        && !digits.startsWith("0");
  }

  private static String binary(BigDecimal value) {
    BigDecimal capped = value.min(LARGEST).setScale(3, RoundingMode.UP).stripTrailingZeros();
    if (capped.abs().compareTo(KIBI) < 0 || capped.scale() > 0) {
      return decimal(capped, false);
    }
    BigInteger number = capped.toBigIntegerExact();
    BigInteger kibi = BigInteger.valueOf(1024);
    int suffix = 0;
    while (suffix < BINARY.length - 1 && number.mod(kibi).signum() == 0) {
      number = number.divide(kibi);
      suffix++;
    }
    return number + BINARY[suffix];
  }

  private static String decimal(BigDecimal value, boolean exponential) {
    BigDecimal number = value.setScale(3, RoundingMode.UP).stripTrailingZeros();
    if (number.signum() == 0) {
      return "0";
    }
    int exponent = Math.min(18, Math.floorDiv(-number.scale(), 3) * 3);
    BigInteger mantissa = number.scaleByPowerOfTen(-exponent).toBigIntegerExact();
    if (exponential) {
      return exponent == 0 ? mantissa.toString() : mantissa + "e" + exponent;
    }
    return mantissa + DECIMAL.get(exponent);
  }

  /** Whether a quantity in the server's form is a whole number. */
  static boolean isWhole(String canonical) {
    return !canonical.endsWith("m") && !canonical.contains("e-") && !canonical.contains(".");
  }
}
