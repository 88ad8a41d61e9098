// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

/** Counts the events of the bus. Must return at once and not throw; called by many threads. */
public interface EventObserver {
  /** A subscriber was added: its losses count from zero. */
  void subscribed(String subscriber);

  void published(QosEvent.Type type);

  /** A subscriber has lost an event: its buffer was full, or it threw. */
  void dropped(String subscriber);
}
