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
import java.util.function.Supplier;

/**
 * The latest events, numbered from 1 without a gap, for any number of readers, each with its own
 * position: a reader that falls too far behind loses the oldest events and gets their number.
 * Publishers never wait for a reader. Thread-safe.
 */
public final class EventFeed implements AutoCloseable {
  private final int most;
  private final Instant begin;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long last;
  private boolean closed;

  /**
   * @param begin since when it is complete, as long as no event was dropped
   */
  public EventFeed(int most, Instant begin) {
    this.most = most;
    this.begin = begin;
  }

  /**
   * One event.
   *
   * @param node the node that it is about, may be empty
   * @param policy the policy that it is about, may be empty
   * @param data the whole event, as one line; made for each reader, as most events have none
   */
  public record Item(Instant at, String type, String node, String policy, Supplier<String> data) {}

  /** An item and its number. */
  public record Entry(long number, Item item) {}

  /**
   * The answer to a reader.
   *
   * @param lost the number of events before the first entry that this reader has lost
   * @param ended no more events will come
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

  /** The number of the latest event, 0 before the first. */
  public synchronized long last() {
    return last;
  }

  /** The number after which all events are of this moment or later. */
  public synchronized long before(Instant since) {
    for (Entry entry : entries) {
      if (!entry.item().at().isBefore(since)) {
        return entry.number() - 1;
      }
    }
    return last;
  }

  /** Whether all events since this moment are still there. */
  public synchronized boolean isCompleteSince(Instant since) {
    return last == entries.size()
        ? !since.isBefore(begin)
        : !entries.isEmpty() && !since.isBefore(entries.peekFirst().item().at());
  }

  /** Whether all events after this number are still there. */
  public synchronized boolean isCompleteAfter(long number) {
    return number >= last - entries.size() && number <= last;
  }

  /**
   * Returns the events after this number; waits for one if there is none.
   *
   * @param longest after this time it returns without events
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

  /** Wakes all readers; present events can still be read. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
