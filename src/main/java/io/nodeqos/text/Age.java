// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import io.nodeqos.node.value.GoDuration;
import java.time.Duration;
import java.time.Instant;

/** How long something is ago, for a reader: {@code 42s}, {@code 3h5m7s}, from two days on days. */
public final class Age {
  private static final Duration DAY = Duration.ofDays(1);

  private Age() {}

  /** To the second; none when the clock of the other is ahead. */
  public static String between(Instant then, Instant now) {
    long seconds = Math.max(0, Duration.between(then, now).toSeconds());
    long days = seconds / DAY.toSeconds();
    return days > 1 ? days + "d" : GoDuration.format(Duration.ofSeconds(seconds));
  }
}
