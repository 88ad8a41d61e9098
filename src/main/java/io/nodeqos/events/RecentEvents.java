// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keeps the latest events for display. Thread-safe. */
public final class RecentEvents implements EventSink {
  private final int most;
  private final Deque<QosEvent> events = new ArrayDeque<>();

  public RecentEvents(int most) {
    this.most = most;
  }

  @Override
  public synchronized void publish(QosEvent event) {
    if (events.size() == most) {
      events.removeFirst();
    }
    events.addLast(event);
  }

  /** The oldest first. */
  public synchronized List<QosEvent> latest() {
    return List.copyOf(events);
  }
}
