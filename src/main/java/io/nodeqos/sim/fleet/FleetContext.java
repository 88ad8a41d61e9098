// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The parts that all simulated components share. */
record FleetContext(
    FleetSettings settings, FleetPlan plan, FleetScheduler scheduler, TimeSource time) {

  Instant instant() {
    return time.wallTime();
  }

  /** Now in the API's format of times, whole seconds. */
  String now() {
    return instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
