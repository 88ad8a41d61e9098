// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import java.util.List;
import java.util.Optional;

/** All of them, in the order of {@code all}. */
final class Scenarios {
  static final List<Scenario> ALL =
      List.of(
          new BurstScenario(),
          new SteadyScenario(),
          new RolloutScenario(),
          new PoliciesScenario(),
          new ChurnScenario(),
          new RestartScenario(),
          new FailoverScenario(),
          new HeartbeatScenario(),
          new MemoryScenario(),
          new StartScenario(),
          new GrowthScenario(),
          new CommandsScenario(),
          new SoakScenario());

  private Scenarios() {}

  static Optional<Scenario> named(String name) {
    return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }
}
