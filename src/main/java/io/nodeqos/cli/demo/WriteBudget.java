// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How many writes one node may need: 4, and 1 more for each full 10 s that it waited. */
record WriteBudget(String node, Instant registered, Duration waited, List<ApiWrite> writes) {

  private static final int WRITES = 4;
  private static final Duration STEP = Duration.ofSeconds(10);

  static long allowed(Duration waited) {
    return WRITES + waited.dividedBy(STEP);
  }

  boolean isExceeded() {
    return writes.size() > allowed(waited);
  }

  /** Text for the search of the excess write: each with its time since the registration. */
  String explain() {
    return String.format(
            "%s: %d writes, %s to warm: ", node, writes.size(), DemoView.seconds(waited))
        + writes.stream().map(this::explain).collect(Collectors.joining(", "));
  }

  private String explain(ApiWrite write) {
    return write.target().name().toLowerCase(Locale.ROOT)
        + " +"
        + DemoView.seconds(Duration.between(registered, write.completed()));
  }
}
