// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that are ready, each in exactly one lane, first in first out within a lane. Not
 * thread-safe: the queue's lock guards it.
 *
 * <p>The most urgent lane goes first, but none starves: a lane that was passed over {@value
 * #MAX_CHANGE_SKIPS} times (RESYNC: {@value #MAX_RESYNC_SKIPS} times) while it had work goes next.
 * So under any load CHANGE gets at least one hand-out in ten, RESYNC one in thirty-three.
 */
final class Lanes {
  static final int MAX_CHANGE_SKIPS = 8;
  static final int MAX_RESYNC_SKIPS = 32;

  private final Map<Lane, LinkedHashMap<String, Pending>> waiting = new EnumMap<>(Lane.class);
  private final Map<Lane, Integer> passedOver = new EnumMap<>(Lane.class);

  Lanes() {
    for (Lane lane : Lane.values()) {
      waiting.put(lane, new LinkedHashMap<>());
      passedOver.put(lane, 0);
    }
  }

  /**
   * Puts a key at the end of its lane. A key that waits already keeps its place, or moves up if the
   * new request is more urgent.
   *
   * @return whether the key was not waiting before
   */
  boolean offer(Pending request) {
    Pending present = find(request.key());
    if (present == null) {
      waiting.get(request.lane()).put(request.key(), request);
      return true;
    }
    Pending joined = present.join(request);
    if (joined.lane() != present.lane()) {
      take(present);
    }
    waiting.get(joined.lane()).put(joined.key(), joined);
    return false;
  }

  /** Takes the next key, or null if none is ready. */
  Pending poll() {
    Lane lane = nextLane();
    if (lane == null) {
      return null;
    }
    for (Lane lower : Lane.values()) {
      if (lower.compareTo(lane) > 0 && !waiting.get(lower).isEmpty()) {
        passedOver.merge(lower, 1, Integer::sum);
      }
    }
    Iterator<Pending> first = waiting.get(lane).values().iterator();
    Pending next = first.next();
    first.remove();
    passedOver.put(lane, 0);
    return next;
  }

  /** Forgets a key; nothing happens if it does not wait. */
  void remove(String key) {
    Pending present = find(key);
    if (present != null) {
      take(present);
    }
  }

  boolean isEmpty() {
    return waiting.values().stream().allMatch(Map::isEmpty);
  }

  int size() {
    return waiting.values().stream().mapToInt(Map::size).sum();
  }

  int size(Lane lane) {
    return waiting.get(lane).size();
  }

  /** The key that has been ready the longest; looks at every key. */
  Optional<Pending> oldest(long nowNanos) {
    return waiting.values().stream()
        .flatMap(lane -> lane.values().stream())
        .max(Comparator.comparingLong(pending -> nowNanos - pending.sinceNanos()));
  }

  private Lane nextLane() {
    if (isDue(Lane.RESYNC, MAX_RESYNC_SKIPS)) {
      return Lane.RESYNC;
    }
    if (isDue(Lane.CHANGE, MAX_CHANGE_SKIPS)) {
      return Lane.CHANGE;
    }
    for (Lane lane : Lane.values()) {
      if (!waiting.get(lane).isEmpty()) {
        return lane;
      }
    }
    return null;
  }

  private boolean isDue(Lane lane, int patience) {
    return !waiting.get(lane).isEmpty() && passedOver.get(lane) >= patience;
  }

  /** The key as it waits, or null. */
  Pending find(String key) {
    for (Map<String, Pending> lane : waiting.values()) {
      Pending pending = lane.get(key);
      if (pending != null) {
        return pending;
      }
    }
    return null;
  }

  private void take(Pending pending) {
    waiting.get(pending.lane()).remove(pending.key());
    if (waiting.get(pending.lane()).isEmpty()) {
      passedOver.put(pending.lane(), 0);
    }
  }
}
