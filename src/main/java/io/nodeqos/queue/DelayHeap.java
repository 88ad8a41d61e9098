// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * The keys that are due later, each once, without a limit. Not thread-safe: the queue's lock guards
 * it. An entry that was replaced or removed stays in the heap until it surfaces (taking it out
 * would cost a walk through the heap); when such leftovers outnumber the live entries the heap is
 * rebuilt.
 */
final class DelayHeap {
  private static final int MAX_STALE_ENTRIES = 1_024;
  // Keeps differences of nanoTime values comparable; a century and a half is for ever here.
  private static final long MAX_DELAY_NANOS = Long.MAX_VALUE / 2;

  private final Map<String, Entry> live = new HashMap<>();
  private PriorityQueue<Entry> heap = new PriorityQueue<>(Entry.FIRST_DUE);
  private long added;

  /**
   * Adds a key. If it is there already the earlier time, the more urgent lane and the first cause
   * win.
   *
   * @return whether the earliest time of the whole heap changed
   */
  boolean add(Pending request, Duration delay, long nowNanos) {
    Entry entry = new Entry(request, nowNanos + nanos(delay), added++);
    Entry present = live.get(request.key());
    if (present != null) {
      boolean earlier = entry.dueNanos - present.dueNanos < 0;
      Pending joined = present.request.join(request);
      if (!earlier && joined.equals(present.request)) {
        return false;
      }
      entry = new Entry(joined, earlier ? entry.dueNanos : present.dueNanos, entry.order);
    }
    live.put(request.key(), entry);
    heap.add(entry);
    dropLeftovers();
    return heap.peek() == entry;
  }

  /** Takes one key that is due, ready since it was due; null if none is. */
  Pending pollDue(long nowNanos) {
    Entry first = first();
    if (first == null || first.dueNanos - nowNanos > 0) {
      return null;
    }
    heap.remove();
    Pending request = first.request;
    live.remove(request.key());
    return new Pending(request.key(), request.lane(), request.trigger(), first.dueNanos);
  }

  /** How long until the next key is due; not positive when one is due already. */
  OptionalLong nanosUntilNext(long nowNanos) {
    Entry first = first();
    return first == null ? OptionalLong.empty() : OptionalLong.of(first.dueNanos - nowNanos);
  }

  /** How long until this key is due; empty when it is not delayed. */
  OptionalLong nanosUntil(String key, long nowNanos) {
    Entry entry = live.get(key);
    return entry == null
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, entry.dueNanos - nowNanos));
  }

  void remove(String key) {
    live.remove(key);
    dropLeftovers();
  }

  void clear() {
    live.clear();
    heap.clear();
  }

  int size() {
    return live.size();
  }

  /** Live entries and leftovers. Only tests of their bound ask: nothing else depends on it. */
  int heapSize() {
    return heap.size();
  }

  private Entry first() {
    Entry first = heap.peek();
    while (first != null && isLeftover(first)) {
      heap.remove();
      first = heap.peek();
    }
    return first;
  }

  private boolean isLeftover(Entry entry) {
    return live.get(entry.request.key()) != entry;
  }

  private void dropLeftovers() {
    if (heap.size() - live.size() > live.size() + MAX_STALE_ENTRIES) {
      PriorityQueue<Entry> rebuilt = new PriorityQueue<>(live.size() + 1, Entry.FIRST_DUE);
      rebuilt.addAll(live.values());
      heap = rebuilt;
    }
  }

  private static long nanos(Duration delay) {
    return delay.compareTo(Duration.ofNanos(MAX_DELAY_NANOS)) < 0
        ? delay.toNanos()
        : MAX_DELAY_NANOS;
  }

  /** Compared by identity: a leftover can equal the entry that replaced it. */
  private static final class Entry {
    static final Comparator<Entry> FIRST_DUE =
        (a, b) -> {
          int byTime = Long.signum(a.dueNanos - b.dueNanos);
          return byTime != 0 ? byTime : Long.compare(a.order, b.order);
        };

    private final Pending request;
    private final long dueNanos;
    private final long order;

    Entry(Pending request, long dueNanos, long order) {
      this.request = request;
      this.dueNanos = dueNanos;
      this.order = order;
    }
  }
}
