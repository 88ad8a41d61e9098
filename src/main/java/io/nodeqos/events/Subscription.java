// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import io.nodeqos.time.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The events that one subscriber has not taken yet: at most a fixed number; further events are lost
 * and counted. Thread-safe.
 */
public final class Subscription implements AutoCloseable {
  private final String subscriber;
  private final int capacity;
  private final EventObserver observer;
  private final Deque<QosEvent> waiting = new ArrayDeque<>();
  private boolean closed;

  Subscription(String subscriber, int capacity, EventObserver observer) {
    this.subscriber = subscriber;
    this.capacity = capacity;
    this.observer = observer;
  }

  void offer(QosEvent event) {
    if (!takeIn(event)) {
      lost();
    }
  }

  private synchronized boolean takeIn(QosEvent event) {
    if (closed) {
      return true;
    }
    if (waiting.size() >= capacity) {
      return false;
    }
    waiting.addLast(event);
    notifyAll();
    return true;
  }

  void lost() {
    observer.dropped(subscriber);
  }

  String subscriber() {
    return subscriber;
  }

  /**
   * Takes the oldest event, and waits for one if there is none.
   *
   * @param longest zero not to wait
   * @return empty when no event came in time, or when the subscription is closed and empty
   */
  public synchronized Optional<QosEvent> poll(Duration longest) throws InterruptedException {
    Deadline deadline = Deadline.after(longest);
    while (waiting.isEmpty() && !closed && !deadline.isOver()) {
      wait(deadline.leftMillis());
    }
    return Optional.ofNullable(waiting.pollFirst());
  }

  /** True once it is closed and every event has been taken. */
  public synchronized boolean isDone() {
    return closed && waiting.isEmpty();
  }

  /** Accepts no more events; present events can still be taken. Wakes threads that wait in poll. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
