// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Collects transitions, the newest first, until a page is full. */
final class PageDraft {
  private final HistoryQuery query;
  private final List<Transition> found = new ArrayList<>();
  private long lastKey;
  private boolean more;

  PageDraft(HistoryQuery query) {
    this.query = query;
  }

  /** False when no older transition can match. */
  boolean offer(long key, Transition transition) {
    // The time of a rebuilt entry may be long before its key, but never after it.
    if (key < JournalKeys.of(query.since())) {
      return false;
    }
    if (!fits(transition)) {
      return true;
    }
    if (found.size() == query.limit()) {
      more = true;
      return false;
    }
    found.add(transition);
    lastKey = key;
    return true;
  }

  private boolean fits(Transition transition) {
    Instant since = query.since();
    return !transition.at().isBefore(since)
        && (query.node().isEmpty() || query.node().equals(transition.node()));
  }

  HistoryPage done() {
    List<Transition> oldestFirst = new ArrayList<>(found);
    Collections.reverse(oldestFirst);
    oldestFirst.sort(Comparator.comparing(Transition::at));
    return new HistoryPage(List.copyOf(oldestFirst), more ? lastKey : 0);
  }
}
