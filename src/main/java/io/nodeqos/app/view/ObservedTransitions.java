// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.events.EventFeed;
import io.nodeqos.history.HistoryObserver;
import io.nodeqos.history.Transition;
import io.nodeqos.telemetry.metrics.EventMetrics;
import java.util.function.BooleanSupplier;

/**
 * Adds the writes of another process to the stream of events. A leader adds none: it publishes its
 * own writes itself. Thread-safe.
 */
public final class ObservedTransitions implements HistoryObserver {
  /** The history as a subscriber, in metrics. */
  public static final String SUBSCRIBER = "history";

  private final EventFeed feed;
  private final FeedItems items;
  private final EventMetrics metrics;
  private final BooleanSupplier leading;

  public ObservedTransitions(
      EventFeed feed, FeedItems items, EventMetrics metrics, BooleanSupplier leading) {
    this.feed = feed;
    this.items = items;
    this.metrics = metrics;
    this.leading = leading;
  }

  @Override
  public void lost() {
    metrics.dropped(SUBSCRIBER);
  }

  /** Rebuilt transitions are not new. */
  @Override
  public void found(Transition transition) {
    if (!transition.rebuilt() && !leading.getAsBoolean()) {
      feed.publish(items.of(transition));
    }
  }
}
