// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers the counts of the bus. */
final class CountedEvents implements EventObserver {
  final Map<String, Integer> published = new ConcurrentHashMap<>();
  final Map<String, Integer> dropped = new ConcurrentHashMap<>();

  @Override
  public void subscribed(String subscriber) {
    dropped.put(subscriber, 0);
  }

  @Override
  public void published(QosEvent.Type type) {
    published.merge(type.name(), 1, Integer::sum);
  }

  @Override
  public void dropped(String subscriber) {
    dropped.merge(subscriber, 1, Integer::sum);
  }
}
