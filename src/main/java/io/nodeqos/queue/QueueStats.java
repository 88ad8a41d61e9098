// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The contents of a queue at one moment.
 *
 * @param waiting ready keys by lane; every lane is present
 * @param delayed keys that are due later; such a key can be waiting or in flight as well
 * @param inFlight keys that workers hold
 * @param paused whether nothing is handed out any more
 * @param oldestWaiting the key that has been ready the longest
 * @param oldestFailing the key that has been failing the longest without a success
 * @param unfinished time spent so far on the keys in flight, summed
 * @param longestRunning time spent so far on the key that has been in flight the longest
 */
public record QueueStats(
    Map<Lane, Integer> waiting,
    int delayed,
    int inFlight,
    boolean paused,
    Optional<KeyAge> oldestWaiting,
    Optional<KeyAge> oldestFailing,
    Duration unfinished,
    Duration longestRunning) {

  public QueueStats {
    waiting = Map.copyOf(waiting);
  }

  /** A key and for how long it has been in its state. */
  public record KeyAge(String key, Duration age) {}
}
