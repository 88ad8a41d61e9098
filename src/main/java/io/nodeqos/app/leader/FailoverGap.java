// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.telemetry.metrics.ElectionMetrics;
import io.nodeqos.time.TimeSource;
import java.time.Duration;

/** Measures the time without a leader before this process leads. */
public final class FailoverGap implements LeadershipListener {
  private final ElectionMetrics metrics;
  private final TimeSource time;

  public FailoverGap(ElectionMetrics metrics, TimeSource time) {
    this.metrics = metrics;
    this.time = time;
  }

  @Override
  public void leading(LeaderTerm term) {
    // The clocks of two machines may differ by more than the time of a quick failover.
    term.previousRenewTime()
        .map(last -> Duration.between(last, time.wallTime()))
        .ifPresent(gap -> metrics.tookOver(Math.max(0, gap.toMillis() / 1000.0)));
  }

  @Override
  public void stopped(LeaderTerm term, String reason) {
    // The next leader measures the gap that starts now.
  }
}
