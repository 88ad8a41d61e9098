// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import io.nodeqos.bench.commands.CommandsScenario;
import io.nodeqos.bench.scenario.BurstScenario;
import io.nodeqos.bench.scenario.ChurnScenario;
import io.nodeqos.bench.scenario.FailoverScenario;
import io.nodeqos.bench.scenario.GrowthScenario;
import io.nodeqos.bench.scenario.HeartbeatScenario;
import io.nodeqos.bench.scenario.MemoryScenario;
import io.nodeqos.bench.scenario.PoliciesScenario;
import io.nodeqos.bench.scenario.RestartScenario;
import io.nodeqos.bench.scenario.RolloutScenario;
import io.nodeqos.bench.scenario.Scenario;
import io.nodeqos.bench.scenario.SoakScenario;
import io.nodeqos.bench.scenario.StartScenario;
import io.nodeqos.bench.scenario.SteadyScenario;
import java.util.List;
import java.util.Optional;

/** All of them, in the order of {@code all}. */
public final class Scenarios {
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
