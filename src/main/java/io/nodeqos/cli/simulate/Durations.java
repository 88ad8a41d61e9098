// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import java.time.Duration;
import java.util.Locale;

/** Durations as text. */
final class Durations {
  private Durations() {}

  /** As Kubernetes writes them: {@code 1.2s}, {@code 58s}, {@code 5m}, {@code 1h30m}. */
  static String text(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(10)) < 0) {
      double seconds = duration.toMillis() / 1000.0;
      String text = String.format(Locale.ROOT, "%.1f", seconds);
      return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + "s";
    }
    long seconds = (duration.toMillis() + 500) / 1000;
    String text =
        (seconds >= 3600 ? seconds / 3600 + "h" : "")
            + (seconds / 60 % 60 > 0 ? seconds / 60 % 60 + "m" : "")
            + (seconds % 60 > 0 ? seconds % 60 + "s" : "");
    return text.isEmpty() ? "0s" : text;
  }
}
