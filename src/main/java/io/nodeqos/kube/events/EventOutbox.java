// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Events that are to be created, at most so many. Warnings come first, and replace the newest
 * Normal Event when the outbox is full: the Events of a large warm-up must not hide failures. For
 * one thread.
 */
final class EventOutbox {
  private final int capacity;
  private final Deque<EventSeries> warnings = new ArrayDeque<>();
  private final Deque<EventSeries> others = new ArrayDeque<>();

  EventOutbox(int capacity) {
    this.capacity = capacity;
  }

  /** Adds one; returns the one that no longer fits, if any. */
  Optional<EventSeries> add(EventSeries series) {
    if (size() >= capacity && (!series.isWarning() || others.isEmpty())) {
      return Optional.of(series);
    }
    Optional<EventSeries> out =
        size() >= capacity ? Optional.of(others.removeLast()) : Optional.empty();
    (series.isWarning() ? warnings : others).addLast(series);
    return out;
  }

  /**
   * Puts back one that was taken out, before all others of its kind; the size may exceed the bound.
   */
  void putBack(EventSeries series) {
    (series.isWarning() ? warnings : others).addFirst(series);
  }

  /** Takes the next one out. */
  Optional<EventSeries> next() {
    return Optional.ofNullable(warnings.isEmpty() ? others.pollFirst() : warnings.pollFirst());
  }

  /** Takes all out. */
  List<EventSeries> clear() {
    List<EventSeries> all = new ArrayList<>(warnings);
    all.addAll(others);
    warnings.clear();
    others.clear();
    return all;
  }

  int size() {
    return warnings.size() + others.size();
  }

  boolean isEmpty() {
    return size() == 0;
  }
}
