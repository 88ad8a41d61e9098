// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each object, so that one failing object does not use up the rate of all. The
 * buckets of the objects that were quiet the longest are dropped. For one thread.
 */
final class PerObjectRateLimiter {
  /** As in client-go's recorder: 25 at once, then one in five minutes. */
  static final int BURST = 25;

  static final Duration REFILL = Duration.ofMinutes(5);

  private final int mostObjects;
  private final Map<ObjectRef, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  private record Bucket(double tokens, long atNanos) {}

  PerObjectRateLimiter(int mostObjects) {
    this.mostObjects = mostObjects;
  }

  /** Takes a token of the object; false when it has none. */
  boolean take(ObjectRef object, long nowNanos) {
    Bucket before = buckets.getOrDefault(object, new Bucket(BURST, nowNanos));
    double refilled = (double) (nowNanos - before.atNanos()) / REFILL.toNanos();
    double tokens = Math.min(BURST, before.tokens() + refilled);
    boolean taken = tokens >= 1;
    buckets.put(object, new Bucket(taken ? tokens - 1 : tokens, nowNanos));
    if (buckets.size() > mostObjects) {
      buckets.remove(buckets.keySet().iterator().next());
    }
    return taken;
  }

  int size() {
    return buckets.size();
  }
}
