// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.events.EventFeed;
import io.nodeqos.history.Transition;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservedTransitionsTest {
  private final EventFeed feed = new EventFeed(10, Instant.EPOCH);

  @Test
  void standbyAddsTheWritesOfTheLeader() {
    observed(false).found(transition(false));
    assertEquals(1, feed.last());
  }

  @Test
  void leaderAddsNone() {
    observed(true).found(transition(false));
    assertEquals(0, feed.last());
  }

  @Test
  void rebuiltTransitionIsNotNew() {
    observed(false).found(transition(true));
    assertEquals(0, feed.last());
  }

  private ObservedTransitions observed(boolean leading) {
    return new ObservedTransitions(
        feed, new FeedItems(), Metrics.create(MetricsSettings.DEFAULTS).events(), () -> leading);
  }

  private static Transition transition(boolean rebuilt) {
    return new Transition(
        Instant.EPOCH,
        "n",
        "uid",
        Transition.Type.WARMUP_DONE,
        "WarmedUp",
        "All gates are open.",
        "v1",
        List.of("p"),
        1,
        "leader",
        "",
        rebuilt);
  }
}
