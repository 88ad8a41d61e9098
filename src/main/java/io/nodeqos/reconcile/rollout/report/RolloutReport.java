// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout.report;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.rollout.RolloutListener;
import io.nodeqos.telemetry.metrics.RolloutMetrics;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.time.TimeSource;
import java.util.Optional;

/** Reports each transition: an event, a count, and the spans that have ended. */
public final class RolloutReport implements RolloutListener {
  private final EventPublisher publisher;
  private final RolloutMetrics metrics;
  private final RolloutTraces traces;
  private final RolloutEvents events;
  private final TimeSource time;

  /**
   * @param sightings of this process, to which the spans link
   */
  public RolloutReport(
      EventPublisher publisher,
      RolloutMetrics metrics,
      Tracing tracing,
      RolloutSightings sightings,
      TimeSource time) {
    this.publisher = publisher;
    this.metrics = metrics;
    this.traces = new RolloutTraces(tracing, sightings);
    this.events = new RolloutEvents(publisher);
    this.time = time;
  }

  @Override
  public void changed(PolicyObject.Meta policy, Optional<RolloutState> before, RolloutState now) {
    if (before.filter(b -> b.phase() == now.phase()).isEmpty()) {
      metrics.entered(now.phase().text());
    }
    String traceId = traces.changed(policy, before, now, time.wallTime(), publisher.epoch());
    events.changed(policy, before, now, traceId);
  }
}
