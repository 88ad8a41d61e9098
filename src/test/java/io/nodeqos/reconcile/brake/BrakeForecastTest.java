// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.reconcile.BrakeSettings;
import io.nodeqos.reconcile.brake.BrakeForecast.Forecast;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the brake would do with decisions that are not carried out. */
class BrakeForecastTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodePlan KEEPING =
      NodePlan.none(NodePlan.Summary.of(NodePhase.WARM), NodeMemory.NONE);
  private static final NodePlan TAKING =
      KEEPING.withTransitions(List.of(PlannedTransition.GATE_LOST));

  private final BrakeForecast forecast = new BrakeForecast(BrakeSettings.DEFAULT);

  private static CompiledConfig config(String policy) {
    return PolicyFixture.catalog(PolicyFixture.policy(policy, "{'warmUp': {'nodeReady': {}}}"))
        .snapshot()
        .compile(NodeFixture.node("any").build());
  }

  private void add(String name, String policy, NodePlan plan) {
    NodeView node = Plans.warm(name).build();
    forecast.add(node, config(policy), plan, NOW);
  }

  @Test
  void eachPolicyWithMarksIsJudgedByItself() {
    for (int i = 0; i < 3; i++) {
      add("p" + i, "p", TAKING);
    }
    add("p3", "p", KEEPING);
    add("a0", "a", TAKING);
    add("a1", "a", TAKING);
    forecast.add(NodeFixture.node("unmanaged").build(), CompiledConfig.NONE, KEEPING, NOW);
    assertEquals(
        List.of(new Forecast("a", 2, 0, 2, 2, false), new Forecast("p", 3, 0, 4, 2, true)),
        forecast.forecasts(NOW));
  }

  @Test
  void withoutMarksThereIsNoForecast() {
    forecast.add(NodeFixture.node("unmanaged").build(), CompiledConfig.NONE, KEEPING, NOW);
    assertEquals(List.of(), forecast.forecasts(NOW));
  }
}
