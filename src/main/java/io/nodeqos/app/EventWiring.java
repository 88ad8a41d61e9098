// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.app.view.FeedItems;
import io.nodeqos.app.view.ObservedTransitions;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.events.EventFeed;
import io.nodeqos.events.QosEventBus;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.history.HistorySources;
import io.nodeqos.history.HistoryStore;
import io.nodeqos.kube.events.EventRecorder;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.EventPublisher;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The events and their readers: the bus, the latest ones, the stream, Kubernetes Events and the
 * history.
 */
final class EventWiring {
  static final String STREAM = "stream";

  private static final int BUFFER = 1_000;
  private static final int FEED = 1_000;
  private static final int RECENT_EVENTS = 100;

  /** For subscribers that are behind when the process stops. */
  private static final Duration BUS_LIMIT = Duration.ofMillis(500);

  final QosEventBus bus;
  final EventPublisher publisher;
  final RecentEvents recent;
  final EventFeed feed;

  /** Empty when Kubernetes Events are disabled. */
  final Optional<EventRecorder> recorder;

  /** Empty when the history is disabled. */
  final Optional<HistoryStore> history;

  private final FeedItems items = new FeedItems();

  /**
   * @param nodesWait whether nodes wait for their writes
   */
  EventWiring(BaseWiring base, PolicyCatalog policies, BooleanSupplier nodesWait) {
    ControllerSettings settings = base.settings.get();
    bus = new QosEventBus(MeasuredEvents.in(base.metrics.events()));
    publisher = new EventPublisher(bus, policies, base.fence, base.time);
    recent = new RecentEvents(RECENT_EVENTS);
    feed = new EventFeed(FEED, base.time.wallTime());
    recorder =
        settings.events().enabled()
            ? Optional.of(recorder(base, settings, nodesWait))
            : Optional.empty();
    history =
        settings.history().enabled() ? Optional.of(history(base, settings)) : Optional.empty();
  }

  /** From now on the views see the events. */
  void startBus() {
    bus.listen(
        STREAM,
        BUFFER,
        event -> {
          recent.publish(event);
          feed.publish(items.of(event));
        });
  }

  /** Ends the streams, after the bus has delivered all published events. */
  void stopBus() throws InterruptedException {
    bus.stop(BUS_LIMIT);
    feed.close();
  }

  void startHistory() {
    history.ifPresent(HistoryStore::start);
  }

  void stopHistory() throws InterruptedException {
    if (history.isPresent()) {
      history.get().close();
    }
  }

  void startRecorder() {
    recorder.ifPresent(EventRecorder::start);
  }

  private EventRecorder recorder(
      BaseWiring base, ControllerSettings settings, BooleanSupplier nodesWait) {
    return EventRecorder.create(
        settings.events(),
        base.clients.write(base.fence, settings.election().callTimeout()),
        base.identity.name(),
        bus.subscribe("kubernetes", BUFFER),
        nodesWait,
        base.metrics.events());
  }

  private HistoryStore history(BaseWiring base, ControllerSettings settings) {
    base.metrics.events().subscribed(ObservedTransitions.SUBSCRIBER);
    HistoryStore store =
        HistoryStore.create(
            settings.history(),
            sources(base, settings.reconcile().traceparentKey()),
            new ObservedTransitions(feed, items, base.metrics.events(), base::leading),
            base.time);
    base.metrics.history().of(store::entries, store::bytes, store::isDegraded);
    return store;
  }

  private static HistorySources sources(BaseWiring base, String traceparentKey) {
    return new HistorySources(
        () ->
            base.cluster.nodeNames().stream()
                .map(name -> base.cluster.node(name).orElse(null))
                .filter(Objects::nonNull)
                .toList(),
        () -> {
          LeadershipStatus now = base.leadership.status();
          return new HistorySources.Term(now.epoch(), now.holder().orElse(""));
        },
        ConfigAnnotation::sources,
        traceparentKey);
  }
}
