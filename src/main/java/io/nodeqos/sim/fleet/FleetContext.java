// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The settings, the plan and the time that all simulated components share. Thread-safe. */
final class FleetContext {
  private final FleetSettings settings;
  private final FleetPlan plan;
  private final FleetScheduler scheduler;
  private final TimeSource time;

  FleetContext(FleetSettings settings, FleetPlan plan, FleetScheduler scheduler, TimeSource time) {
    this.settings = settings;
    this.plan = plan;
    this.scheduler = scheduler;
    this.time = time;
  }

  FleetSettings settings() {
    return settings;
  }

  FleetPlan plan() {
    return plan;
  }

  FleetScheduler scheduler() {
    return scheduler;
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
