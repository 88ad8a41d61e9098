// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The duration text that Kubernetes uses, that of Go: {@code 15s}, {@code 1m30s}, {@code 250ms}.
 */
public final class GoDuration {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|us|ns|h|m|s)");
  private static final int MAX_LENGTH = 40;

  private GoDuration() {}

  /**
   * Parses a duration of zero or more.
   *
   * @throws IllegalArgumentException with a sentence that names the value when it is not a duration
   */
  public static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher m = PART.matcher(text);
    int end = 0;
    while (text.length() <= MAX_LENGTH && m.find() && m.start() == end) {
      nanos =
          nanos.add(new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(nanosOf(m.group(2)))));
      end = m.end();
    }
    if (end == 0 || end != text.length()) {
      throw refused(text);
    }
    try {
      return Duration.ofNanos(nanos.longValueExact());
    } catch (ArithmeticException tooLongOrTooFine) {
      throw refused(text);
    }
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not a duration (allowed are for example 15s, 1m30s, 250ms)");
  }

  private static long nanosOf(String unit) {
    return switch (unit) {
      case "h" -> 3_600_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "s" -> 1_000_000_000L;
      case "ms" -> 1_000_000L;
      case "us" -> 1_000L;
      default -> 1L;
    };
  }

  /** The shortest text for a duration, exact to the millisecond: {@code 1h30m}, {@code 1.5s}. */
  public static String format(Duration duration) {
    StringBuilder text = new StringBuilder();
    if (duration.toHours() > 0) {
      text.append(duration.toHours()).append('h');
    }
    if (duration.toMinutesPart() > 0) {
      text.append(duration.toMinutesPart()).append('m');
    }
    BigDecimal seconds =
        BigDecimal.valueOf(duration.toSecondsPart() * 1000L + duration.toMillisPart(), 3);
    if (seconds.signum() > 0 && duration.toSeconds() == 0) {
      return duration.toMillisPart() + "ms";
    }
    if (seconds.signum() > 0 || text.length() == 0) {
      text.append(seconds.stripTrailingZeros().toPlainString()).append('s');
    }
    return text.toString();
  }
}
