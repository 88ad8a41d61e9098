// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The timings, the heartbeat, the steps and the time that all simulated components share.
 * Thread-safe.
 */
final class FleetContext {
  private final FleetTimings timings;
  private final Duration heartbeat;
  private final FleetSteps steps;
  private final TimeSource time;

  FleetContext(FleetTimings timings, Duration heartbeat, FleetSteps steps, TimeSource time) {
    this.timings = timings;
    this.heartbeat = heartbeat;
    this.steps = steps;
    this.time = time;
  }

  FleetTimings timings() {
    return timings;
  }

  /** How often a kubelet writes its node's unchanged status. */
  Duration heartbeat() {
    return heartbeat;
  }

  FleetSteps steps() {
    return steps;
  }

  TimeSource time() {
    return time;
  }

  Instant instant() {
    return time.wallTime();
  }

  /** Now in the API's format of times, whole seconds. */
  String now() {
    return instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
