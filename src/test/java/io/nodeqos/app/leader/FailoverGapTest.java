// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.LeaderTerm;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailoverGapTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private final FailoverGap gap = new FailoverGap(metrics.election(), new FakeTime(NOW).source());

  @Test
  void gapRunsFromTheLastSignOfThePredecessorToNow() {
    gap.leading(term(Optional.of(NOW.minusMillis(6_200))));
    assertMetric("sum 6.2");
  }

  @Test
  void firstLeaderHasNoGap() {
    gap.leading(term(Optional.empty()));
    assertMetric("count 0.0");
  }

  @Test
  void predecessorWhoseClockIsAheadLeavesNoNegativeGap() {
    gap.leading(term(Optional.of(NOW.plusSeconds(3))));
    assertMetric("sum 0.0");
    assertMetric("count 1.0");
  }

  private static LeaderTerm term(Optional<Instant> previous) {
    return new LeaderTerm(7, NOW, previous.map(time -> "pod-a_1"), previous);
  }

  private void assertMetric(String line) {
    String text = metrics.scrape(null).text();
    assertTrue(text.contains("qos_failover_gap_seconds_" + line + "\n"), text);
  }
}
