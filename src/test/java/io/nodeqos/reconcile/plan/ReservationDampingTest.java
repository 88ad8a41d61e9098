// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.reconcile.plan.Plans.applied;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node is not written for every pod that comes and goes. */
class ReservationDampingTest extends PlannerTestCase {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String FULL =
      """
      {'reservation': {'cpu': '500m', 'countReservedPods': true},
       'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%', 'memory': '1Gi'}}]},
       'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}
      """;

  @Test
  void higherReservationIsWrittenAfterThirtySeconds() {
    NodeView node = settled(100);
    NodePlan early = decide(FULL, node, cni(true, 1000), NOW.plusSeconds(29));
    assertTrue(early.isConverged(), early.toString());
    assertEquals(Optional.of(NOW.plusSeconds(30)), early.checkAgainAt());
    NodePlan due = decide(FULL, node, cni(true, 1000), NOW.plusSeconds(30));
    assertTrue(due.metadata().setAnnotations().get(Keys.CONFIG).contains("\"cpu\":\"1500m\""));
    assertEquals(Map.of(), due.metadata().setLabels(), "like nodes share a version");
  }

  @Test
  void lowerReservationIsWrittenAfterTenUnchangedMinutes() {
    NodeView node = settled(1000);
    Instant start = NOW.plusSeconds(100);
    assertTrue(decide(FULL, node, cni(true, 100), start).isConverged());
    assertTrue(decide(FULL, node, cni(true, 200), start.plusSeconds(300)).isConverged());
    assertTrue(
        decide(FULL, node, cni(true, 200), start.plusSeconds(899)).isConverged(),
        "a different wish starts the wait anew");
    assertFalse(decide(FULL, node, cni(true, 200), start.plusSeconds(900)).isConverged());
  }

  @Test
  void reservationIsNotLoweredWhenPodsCannotBeRead() {
    NodeView node = settled(1000);
    ReservedState unreadable =
        ReservedFixture.namespace("kube-system", false, List.of(), List.of());
    for (int minutes = 1; minutes < 60; minutes++) {
      assertTrue(decide(FULL, node, unreadable, NOW.plusSeconds(60L * minutes)).isConverged());
    }
  }

  @Test
  void reservationIsWrittenWithAnotherChange() {
    NodeView tainted = node("n").taint(Keys.STARTUP_TAINT).build();
    NodeView waiting = applied(tainted, decide(FULL, tainted, cni(false, 100), NOW));
    NodePlan plan = decide(FULL, waiting, cni(true, 1000), NOW.plusSeconds(1));
    assertTrue(plan.metadata().setAnnotations().containsKey(Keys.WARMED_UP_FOR));
    assertTrue(plan.metadata().setAnnotations().get(Keys.CONFIG).contains("\"cpu\":\"1500m\""));
  }

  @Test
  void reservationIsNotWrittenWithAStatusChange() {
    NodeView tainted = node("n").taint(Keys.STARTUP_TAINT).build();
    NodePlan first = decide(FULL, tainted, cni(false, 100), NOW);
    NodePlan metadataOnly = first.withStatus(StatusChange.NONE);
    NodePlan plan =
        decide(FULL, applied(tainted, metadataOnly), cni(false, 1000), NOW.plusSeconds(1));
    assertTrue(plan.metadata().isEmpty(), "it would cost a write of its own");
    assertEquals(first.status().setResources(), plan.status().setResources());
  }

  @Test
  void reservationOfATaintedNodeCostsNoWrite() {
    NodeView tainted = node("n").taint(Keys.STARTUP_TAINT).build();
    NodeView waiting = applied(tainted, decide(FULL, tainted, cni(false, 100), NOW));
    assertTrue(decide(FULL, waiting, cni(false, 1000), NOW.plusSeconds(60)).isConverged());
  }

  private NodeView settled(long podMilli) {
    NodeView node = node("n").build();
    NodeView settled = applied(node, decide(FULL, node, cni(true, podMilli), NOW));
    memory = memory.configWritten(NOW).conditionWritten(NOW);
    return settled;
  }
}
