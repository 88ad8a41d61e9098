// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kubernetes resource quantity (the grammar of {@code k8s.io/apimachinery/pkg/api/resource}).
 *
 * <p>Two quantities are equal when their values are: {@code 4000} equals {@code 4k}, because the
 * API server canonicalises quantities.
 */
public final class Quantity implements Comparable<Quantity> {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\\d{1,3}))?");
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
  private static final int DECIMAL_ONE = 3;
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final int KIBI_BITS = 10;
  private static final BigInteger THOUSAND = BigInteger.valueOf(1000);

  /**
   * The API server refuses longer texts; it also limits the work that a hostile value can cause.
   */
  private static final int MAX_LENGTH = 64;

  private final BigDecimal value;
  private final boolean binary;

  private Quantity(BigDecimal value, boolean binary) {
    this.value = value;
    this.binary = binary;
  }

  /**
   * Parses the text of a quantity.
   *
   * @throws IllegalArgumentException with a sentence that names the value when it is not a quantity
   */
  public static Quantity parse(String text) {
    Matcher m = text.length() > MAX_LENGTH ? null : GRAMMAR.matcher(text);
    if (m == null || !m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a quantity (allowed are for example 500m, 2, 1.5Gi, 4k)");
    }
    BigDecimal number = new BigDecimal(m.group(1));
    if (m.group(3) != null) {
      return new Quantity(number.scaleByPowerOfTen(Integer.parseInt(m.group(3))), false);
    }
    String suffix = m.group(2) == null ? "" : m.group(2);
    if (suffix.endsWith("i")) {
      return new Quantity(number.multiply(KIBI.pow(indexOf(BINARY, suffix))), true);
    }
    return new Quantity(
        number.scaleByPowerOfTen(3 * (indexOf(DECIMAL, suffix) - DECIMAL_ONE)), false);
  }

  /** Thousandths, as used for CPU. */
  public static Quantity ofMilli(long milli) {
    return new Quantity(BigDecimal.valueOf(milli, 3), false);
  }

  /** A count without a unit, as used for extended resources. */
  public static Quantity of(long count) {
    return new Quantity(BigDecimal.valueOf(count), false);
  }

  /** Bytes, printed in powers of 1024. */
  public static Quantity ofBytes(long bytes) {
    return new Quantity(BigDecimal.valueOf(bytes), true);
  }

  /** The value in thousandths, rounded down; clamped to the range of a long. */
  public long milliFloor() {
    return clamp(value.movePointRight(3));
  }

  /** The value in units, rounded down; clamped to the range of a long. */
  public long floor() {
    return clamp(value);
  }

  /** The value in thousandths, rounded up; clamped to the range of a long. */
  public long milliCeil() {
    return clamp(value.movePointRight(3).setScale(0, RoundingMode.CEILING));
  }

  /** The value in units, rounded up; clamped to the range of a long. */
  public long ceil() {
    return clamp(value.setScale(0, RoundingMode.CEILING));
  }

  public boolean isNegative() {
    return value.signum() < 0;
  }

  private static long clamp(BigDecimal v) {
    BigDecimal whole = v.setScale(0, RoundingMode.FLOOR);
    if (whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      return Long.MAX_VALUE;
    }
    if (whole.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0) {
      return Long.MIN_VALUE;
    }
    return whole.longValue();
  }

  private static int indexOf(String[] suffixes, String suffix) {
    for (int i = 0; i < suffixes.length; i++) {
      if (suffixes[i].equals(suffix)) {
        return i;
      }
    }
    throw new IllegalArgumentException("unknown suffix " + suffix);
  }

  @Override
  public int compareTo(Quantity other) {
    return value.compareTo(other.value);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Quantity q && value.compareTo(q.value) == 0;
  }

  @Override
  public int hashCode() {
    return value.stripTrailingZeros().hashCode();
  }

  /** The canonical form: the largest suffix that leaves a whole number. */
  @Override
  public String toString() {
    if (value.signum() == 0) {
      return "0";
    }
    return binary && value.abs().compareTo(KIBI) >= 0 && isWhole(value)
        ? binaryForm()
        : decimalForm();
  }

  private String binaryForm() {
    BigInteger whole = value.toBigInteger();
    int i = Math.min(BINARY.length - 1, whole.getLowestSetBit() / KIBI_BITS);
    return whole.shiftRight(i * KIBI_BITS) + BINARY[i];
  }

  private String decimalForm() {
    // Finer than nano is rounded up, as the API server does.
    BigInteger nanos = value.movePointRight(9).setScale(0, RoundingMode.UP).toBigInteger();
    int i = 0;
    while (i < DECIMAL.length - 1 && nanos.bitLength() >= Long.SIZE && isThousandfold(nanos)) {
      nanos = nanos.divide(THOUSAND);
      i++;
    }
    return nanos.bitLength() < Long.SIZE ? decimalForm(nanos.longValue(), i) : nanos + DECIMAL[i];
  }

  /** Nearly every amount fits a long, which is many times faster. */
  private static String decimalForm(long amount, int suffix) {
    long mantissa = amount;
    int i = suffix;
    while (i < DECIMAL.length - 1 && mantissa % 1000 == 0) {
      mantissa /= 1000;
      i++;
    }
    return mantissa + DECIMAL[i];
  }

  private static boolean isThousandfold(BigInteger amount) {
    return amount.mod(THOUSAND).signum() == 0;
  }

  private static boolean isWhole(BigDecimal v) {
    return v.scale() <= 0 || v.remainder(BigDecimal.ONE).signum() == 0;
  }
}
