// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.store;

import io.nodeqos.time.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The bounded queue between the writers and one watch. A watch that falls behind by more than the
 * bound is closed: its thread is interrupted, which also aborts a write to a client that does not
 * read. Thread-safe.
 */
public final class WatchQueue {
  private final int size;
  private final Thread reader;
  private final Deque<StoredEvent> events = new ArrayDeque<>();
  private boolean ended;

  WatchQueue(int size, Thread reader) {
    this.size = size;
    this.reader = reader;
  }

  synchronized void offer(StoredEvent event) {
    if (ended) {
      return;
    }
    if (events.size() >= size) {
      ended = true;
      events.clear();
      reader.interrupt();
    } else {
      events.addLast(event);
    }
    notifyAll();
  }

  /**
   * Waits for the next event, with a timeout.
   *
   * @throws InterruptedException when the watch was closed
   */
  public synchronized Optional<StoredEvent> poll(Duration longest) throws InterruptedException {
    Deadline deadline = Deadline.after(longest);
    while (events.isEmpty()) {
      if (deadline.isOver()) {
        return Optional.empty();
      }
      wait(Math.max(1, deadline.leftMillis()));
    }
    return Optional.of(events.removeFirst());
  }

  public synchronized boolean isEmpty() {
    return events.isEmpty();
  }

  /**
   * Ends the watch. Called by the reader, which clears the interrupt of a close, so that its thread
   * can serve the next request.
   */
  @SuppressWarnings("ThreadInterrupted")
  public synchronized void end() {
    ended = true;
    events.clear();
    Thread.interrupted();
  }
}
