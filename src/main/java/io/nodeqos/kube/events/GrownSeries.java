// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The Events that are on the server with a count that has grown since, by the time at which they
 * may be patched. After a burst there are thousands, and each write asks for the first. That time
 * of an Event must not change while it is in here. Not thread-safe.
 */
final class GrownSeries {
  private final TreeSet<EventSeries> byTime =
      new TreeSet<>(
          // The clock may be negative, so that only differences have an order.
          ((Comparator<EventSeries>)
                  (a, b) -> Long.signum(a.patchNotBeforeNanos() - b.patchNotBeforeNanos()))
              .thenComparing(EventSeries::name));

  void add(EventSeries series) {
    byTime.add(series);
  }

  void remove(EventSeries series) {
    byTime.remove(series);
  }

  /** The one that may be patched first. */
  Optional<EventSeries> first() {
    return byTime.isEmpty() ? Optional.empty() : Optional.of(byTime.first());
  }

  /** All of them may be patched from now on. */
  void patchNotBefore(long nanos) {
    List<EventSeries> all = clear();
    all.forEach(series -> series.patchNotBefore(nanos));
    byTime.addAll(all);
  }

  /** Takes all out. */
  List<EventSeries> clear() {
    List<EventSeries> all = new ArrayList<>(byTime);
    byTime.clear();
    return all;
  }
}
