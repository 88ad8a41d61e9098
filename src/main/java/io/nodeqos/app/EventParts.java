// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.election.Fence;
import io.nodeqos.events.EventObserver;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEventBus;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.kube.events.EventRecorder;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.telemetry.metrics.EventMetrics;
import java.util.Optional;

/**
 * What happens, and who is told.
 *
 * @param publisher puts events on the bus
 * @param recent the latest, for people to look at
 * @param kubernetes writes them as Kubernetes Events; empty when that is switched off
 */
record EventParts(
    QosEventBus bus,
    EventPublisher publisher,
    RecentEvents recent,
    Optional<EventRecorder> kubernetes) {
  static final int BUFFER = 1_000;

  private static final int RECENT_EVENTS = 100;

  static EventParts of(ControllerSettings settings, BaseParts base, PolicyCatalog policies) {
    EventMetrics metrics = base.metrics().events();
    QosEventBus bus = new QosEventBus(observer(metrics));
    Fence fence = base.leadership().fence();
    return new EventParts(
        bus,
        new EventPublisher(bus, policies, fence, base.time()),
        new RecentEvents(RECENT_EVENTS),
        settings.events().enabled()
            ? Optional.of(recorder(settings, base, bus))
            : Optional.empty());
  }

  private static EventRecorder recorder(
      ControllerSettings settings, BaseParts base, QosEventBus bus) {
    return EventRecorder.create(
        settings.events(),
        base.clients().write(base.leadership().fence(), settings.election().callTimeout()),
        base.identity().name(),
        bus.subscribe("kubernetes", BUFFER),
        base.metrics().events());
  }

  private static EventObserver observer(EventMetrics metrics) {
    for (QosEvent.Type type : QosEvent.Type.values()) {
      metrics.expected(type.name());
    }
    return new EventObserver() {
      @Override
      public void subscribed(String subscriber) {
        metrics.subscribed(subscriber);
      }

      @Override
      public void published(QosEvent.Type type) {
        metrics.published(type.name());
      }

      @Override
      public void dropped(String subscriber) {
        metrics.dropped(subscriber);
      }
    };
  }
}
