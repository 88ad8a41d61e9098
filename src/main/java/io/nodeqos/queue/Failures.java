// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that have failed since their last success. A look-up never creates an entry, so keys of
 * deleted nodes do not pile up. Not thread-safe: the queue's lock guards it.
 */
final class Failures {
  private final Map<String, Failing> failing = new HashMap<>();

  /** Counts one more failure and returns how many there are in a row. */
  int count(String key, long nowNanos) {
    return failing.merge(key, new Failing(1, nowNanos), (first, one) -> first.again()).count;
  }

  int of(String key) {
    Failing state = failing.get(key);
    return state == null ? 0 : state.count;
  }

  void forget(String key) {
    failing.remove(key);
  }

  /** The key that has been failing the longest; looks at every failing key. */
  Optional<QueueStats.KeyAge> oldest(long nowNanos) {
    return failing.entrySet().stream()
        .max(Comparator.comparingLong(entry -> nowNanos - entry.getValue().sinceNanos))
        .map(
            entry ->
                new QueueStats.KeyAge(
                    entry.getKey(), Duration.ofNanos(nowNanos - entry.getValue().sinceNanos)));
  }

  private record Failing(int count, long sinceNanos) {
    Failing again() {
      return new Failing(count == Integer.MAX_VALUE ? count : count + 1, sinceNanos);
    }
  }
}
