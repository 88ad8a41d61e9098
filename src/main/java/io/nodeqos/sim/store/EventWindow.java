// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The latest events of one collection and the watches fed from it. Guarded by the store's lock. */
final class EventWindow {
  private final int size;
  private final Deque<StoredEvent> events = new ArrayDeque<>();
  private final List<WatchQueue> queues = new ArrayList<>();

  /** Events up to this version are dropped. */
  private long floor;

  EventWindow(int size, long floor) {
    this.size = size;
    this.floor = floor;
  }

  void add(StoredEvent event) {
    events.addLast(event);
    while (events.size() > size) {
      floor = events.removeFirst().version();
    }
    queues.forEach(queue -> queue.offer(event));
  }

  /** The events after the version, or empty when some of them are dropped. */
  Optional<List<StoredEvent>> after(long version) {
    if (version < floor) {
      return Optional.empty();
    }
    List<StoredEvent> found = new ArrayList<>();
    for (var newest = events.descendingIterator(); newest.hasNext(); ) {
      StoredEvent event = newest.next();
      if (event.version() <= version) {
        break;
      }
      found.add(event);
    }
    java.util.Collections.reverse(found);
    return Optional.of(found);
  }

  void clear(long version) {
    events.clear();
    floor = version;
  }

  WatchQueue subscribe(int queueSize) {
    WatchQueue queue = new WatchQueue(queueSize, Thread.currentThread());
    queues.add(queue);
    return queue;
  }

  void unsubscribe(WatchQueue queue) {
    queues.remove(queue);
  }
}
