// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A journal that ends with the process: a fixed number of the latest transitions. */
final class MemoryJournal implements Journal {
  /** One transition takes about a kilobyte. */
  static final int MAX_ENTRIES = 5_000;

  private final int most;
  private final JournalKeys keys = new JournalKeys();
  private final TreeMap<Long, Transition> entries = new TreeMap<>();
  private long bytes;

  MemoryJournal(int most) {
    this.most = most;
  }

  @Override
  public void append(Transition transition) {
    entries.put(keys.next(transition.at()), transition);
    bytes += size(transition);
    while (entries.size() > most) {
      removeFirst();
    }
  }

  @Override
  public void remember(NodeMarks marks) {
    // The caller keeps them in memory anyway.
  }

  @Override
  public void forget(String node) {
    // As above.
  }

  @Override
  public Map<String, NodeMarks> remembered() {
    return Map.of();
  }

  @Override
  public HistoryPage page(HistoryQuery query) {
    PageDraft page = new PageDraft(query);
    for (Map.Entry<Long, Transition> entry :
        entries.headMap(query.before(), false).descendingMap().entrySet()) {
      if (!page.offer(entry.getKey(), entry.getValue())) {
        break;
      }
    }
    return page.done();
  }

  @Override
  public void commit() {
    // There is no disk to write to.
  }

  @Override
  public void evict(Instant before) {
    while (!entries.isEmpty() && entries.firstKey() < JournalKeys.of(before)) {
      removeFirst();
    }
  }

  @Override
  public Collection<Transition> all() {
    return List.copyOf(new ArrayList<>(entries.values()));
  }

  @Override
  public long entries() {
    return entries.size();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    // Nothing is open.
  }

  private void removeFirst() {
    bytes -= size(entries.pollFirstEntry().getValue());
  }

  /** Approximate size in bytes. */
  private static long size(Transition t) {
    return 300L + t.message().length();
  }
}
