// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Of a set of durations, by the nearest rank. */
public record Percentiles(List<Duration> sorted) {

  public static Percentiles of(Collection<Duration> all) {
    return new Percentiles(all.stream().sorted().toList());
  }

  /** In milliseconds; NaN when there is nothing. */
  public double millis(int percent) {
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
    return sorted.get(Math.max(1, rank) - 1).toNanos() / 1e6;
  }

  public int size() {
    return sorted.size();
  }
}
