// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.events.EventFeed;
import io.nodeqos.history.HistoryObserver;
import io.nodeqos.history.HistorySources;
import io.nodeqos.history.HistoryStore;
import io.nodeqos.history.Transition;
import io.nodeqos.http.Endpoint;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.telemetry.metrics.EventMetrics;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What happened, for those who ask later, and for those who watch: this process's own deeds, and
 * while another leads what it sees of that one's.
 *
 * @param store empty when the history is switched off
 */
record HistoryParts(
    BaseParts base, EventParts events, Optional<HistoryStore> store, EventFeed feed) {
  private static final int FEED = 1_000;
  private static final String STREAM = "stream";
  private static final String HISTORY = "history";

  static HistoryParts of(ControllerSettings settings, BaseParts base, EventParts events) {
    EventFeed feed = new EventFeed(FEED, base.time().wallTime());
    EventMetrics metrics = base.metrics().events();
    if (!settings.history().enabled()) {
      return new HistoryParts(base, events, Optional.empty(), feed);
    }
    metrics.subscribed(HISTORY);
    FeedItems items = new FeedItems();
    HistoryObserver observer =
        new HistoryObserver() {
          @Override
          public void lost() {
            metrics.dropped(HISTORY);
          }

          @Override
          public void found(Transition transition) {
            // The leader tells of its own deeds itself, and what was rebuilt is no news.
            if (!transition.rebuilt() && !base.leadership().status().leading()) {
              feed.publish(items.of(transition));
            }
          }
        };
    HistoryStore store =
        HistoryStore.create(
            settings.history(),
            sources(base, settings.reconcile().traceparentKey()),
            observer,
            base.time());
    base.metrics().history().of(store::entries, store::bytes, store::isDegraded);
    return new HistoryParts(base, events, Optional.of(store), feed);
  }

  private static HistorySources sources(BaseParts base, String traceparentKey) {
    return new HistorySources(
        () ->
            base.cluster().nodeNames().stream()
                .map(name -> base.cluster().node(name).orElse(null))
                .filter(Objects::nonNull)
                .toList(),
        () -> {
          LeadershipStatus now = base.leadership().status();
          return new HistorySources.Term(now.epoch(), now.holder().orElse(""));
        },
        ConfigAnnotation::sources,
        traceparentKey);
  }

  /** The views. */
  Map<String, Endpoint> endpoints() {
    String process = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    EventMetrics metrics = base.metrics().events();
    return Map.of(
        "/events",
        new EventsView(feed, process, base.time(), n -> metrics.dropped(STREAM, n)),
        "/history",
        new HistoryView(store, base.time()));
  }

  /** Sees what becomes of nodes. */
  Optional<ClusterListener> listener() {
    return store.map(HistoryListener::new);
  }

  void start() {
    FeedItems items = new FeedItems();
    events.bus().listen(STREAM, EventParts.BUFFER, event -> feed.publish(items.of(event)));
    store.ifPresent(HistoryStore::start);
  }

  void cachesFilled() {
    store.ifPresent(HistoryStore::cachesFilled);
  }

  /** After the caches. */
  void stopStore() throws InterruptedException {
    if (store.isPresent()) {
      store.get().close();
    }
  }

  /** Ends the streams, after the bus has told all that was published. */
  void stopBus(Duration longest) throws InterruptedException {
    events.bus().stop(longest);
    feed.close();
  }
}
