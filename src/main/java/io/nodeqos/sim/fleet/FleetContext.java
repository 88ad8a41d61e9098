// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What all simulated components share. */
record FleetContext(FleetSettings settings, FleetPlan plan, FleetScheduler scheduler, Clock clock) {

  Instant instant() {
    return clock.instant();
  }

  /** Now in the API's format of times, whole seconds. */
  String now() {
    return instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
