// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.election.Leadership;
import io.nodeqos.telemetry.metrics.ElectionMetrics;
import java.util.function.BiConsumer;

/** Gives up the leadership and counts the cause. Thread-safe. */
public final class StepDown implements BiConsumer<LeaderWatchdog.Cause, String> {
  private final Leadership leadership;
  private final ElectionMetrics metrics;

  public StepDown(Leadership leadership, ElectionMetrics metrics) {
    this.leadership = leadership;
    this.metrics = metrics;
  }

  @Override
  public void accept(LeaderWatchdog.Cause cause, String reason) {
    metrics.steppedDown(cause.label());
    leadership.stepDown(reason);
  }
}
