// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import java.io.IOException;
import java.time.Duration;

/** Runs the steps of simulated nodes at their time. */
public interface FleetSteps {
  /** One call or a few of them; must allow a retry after an IOException. */
  interface Step {
    void run() throws IOException;
  }

  /** Runs the step once this time has passed. */
  void after(Duration delay, Step step);

  /** Runs the step as soon as possible. */
  default void soon(Step step) {
    after(Duration.ZERO, step);
  }
}
