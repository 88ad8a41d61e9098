// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import io.nodeqos.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The latest of what happened, numbered from 1 without a hole, for any number of readers, each with
 * a place of its own: one that falls too far behind loses the oldest and is told how many. Nobody
 * waits for a reader. Thread-safe.
 */
public final class EventFeed implements AutoCloseable {
  private final int most;
  private final Instant begin;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long last;
  private boolean closed;

  /**
   * @param begin since when it is complete, as long as it holds everything
   */
  public EventFeed(int most, Instant begin) {
    this.most = most;
    this.begin = begin;
  }

  /**
   * One thing that happened.
   *
   * @param node it is about, may be empty
   * @param policy it is about, may be empty
   * @param data all of it, as one line
   */
  public record Item(Instant at, String type, String node, String policy, String data) {}

  /** An item and its number. */
  public record Entry(long number, Item item) {}

  /**
   * What a reader gets.
   *
   * @param lost how many came before the first entry that this reader will never get
   * @param ended nothing more will come
   */
  public record Batch(List<Entry> entries, long lost, boolean ended) {}

  /** Never blocks. */
  public synchronized void publish(Item item) {
    if (entries.size() == most) {
      entries.removeFirst();
    }
    entries.addLast(new Entry(++last, item));
    notifyAll();
  }

  /** The number of the latest, 0 before the first. */
  public synchronized long last() {
    return last;
  }

  /** The number after which everything happened at this moment or later. */
  public synchronized long before(Instant since) {
    for (Entry entry : entries) {
      if (!entry.item().at().isBefore(since)) {
        return entry.number() - 1;
      }
    }
    return last;
  }

  /** Whether everything since this moment is still there. */
  public synchronized boolean isCompleteSince(Instant since) {
    return last == entries.size()
        ? !since.isBefore(begin)
        : !entries.isEmpty() && !since.isBefore(entries.peekFirst().item().at());
  }

  /** Whether everything after this number is still there. */
  public synchronized boolean isCompleteAfter(long number) {
    return number >= last - entries.size() && number <= last;
  }

  /**
   * What comes after this number; waits for something.
   *
   * @param longest after which it returns without any
   */
  public synchronized Batch after(long number, int atMost, Duration longest)
      throws InterruptedException {
    Deadline deadline = Deadline.after(longest);
    while (number >= last && !closed && !deadline.isOver()) {
      wait(deadline.leftMillis());
    }
    List<Entry> found = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.number() > number && found.size() < atMost) {
        found.add(entry);
      }
    }
    long lost = found.isEmpty() ? 0 : found.get(0).number() - number - 1;
    return new Batch(found, lost, closed && found.isEmpty());
  }

  /** Wakes all readers; what is there can still be read. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
