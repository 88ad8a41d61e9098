// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetIndexTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private final FleetIndex fleet = new FleetIndex();

  @Test
  void everyPhaseIsCountedAndEmptyPhasesAreZero() {
    settled("a", NodePhase.WARM, "v1");
    settled("b", NodePhase.WARM, "v1");
    settled("c", NodePhase.WAITING, "v1");
    Map<NodePhase, Integer> phases = fleet.phases();
    assertEquals(NodePhase.values().length, phases.size());
    assertEquals(2, phases.get(NodePhase.WARM));
    assertEquals(1, phases.get(NodePhase.WAITING));
    assertEquals(0, phases.get(NodePhase.PENDING));
  }

  @Test
  void versionCountsTheNodesThatCarryIt() {
    settled("a", NodePhase.WARM, "v1");
    settled("b", NodePhase.WARM, "v2");
    wanted("c", NodePhase.WARM, "v2");
    settled("d", NodePhase.UNMANAGED, "");
    assertEquals(Map.of("v1", 1, "v2", 1), fleet.configVersions());
  }

  @Test
  void frozenNodesCountByTheirMarksAndByCause() {
    frozen("a", NodePhase.WARM, "base");
    frozen("b", NodePhase.WARM, "base");
    frozen("c", NodePhase.WAITING, "base");
    frozen("d", NodePhase.WARM, "other");
    assertEquals(3, fleet.phases().get(NodePhase.WARM));
    assertEquals(1, fleet.phases().get(NodePhase.WAITING));
    assertEquals(
        Map.of(
            new Freeze(Freeze.Cause.SUSPENDED, "base", true),
            Map.of(NodePhase.WARM, 2, NodePhase.WAITING, 1),
            new Freeze(Freeze.Cause.SUSPENDED, "other", true),
            Map.of(NodePhase.WARM, 1)),
        fleet.frozen());
    assertTrue(fleet.waiting(9).get(0).frozen());
    assertEquals("Suspended", fleet.waiting(9).get(0).reason());
    assertEquals("Policy base is suspended.", fleet.waiting(9).get(0).message());
  }

  @Test
  void nodeIsWarmOnceItsMarkIsWritten() {
    fleet.update("n", s -> s.decided(plan(NodePhase.WAITING, "v", List.of("p"), false), NOW));
    fleet.update("n", s -> s.decided(becomesWarm(), NOW.plusSeconds(10)));
    assertEquals(Optional.of(NodePhase.WAITING), fleet.state("n").phase());
    assertEquals(NOW, fleet.waiting(9).get(0).since(), "it has been waiting all the time");
    fleet.update("n", s -> s.marked(NOW.plusSeconds(20)));
    assertEquals(Optional.of(NodePhase.WARM), fleet.state("n").phase());
    assertTrue(fleet.state("n").differs(), "the condition is still to be written");
    assertEquals(NOW.plusSeconds(20), fleet.state("n").since());
    fleet.update("n", NodeState::settled);
    assertEquals(Set.of(), fleet.differing());
  }

  @Test
  void longestWaitingNodesComeFirst() {
    for (int i : new int[] {3, 1, 2}) {
      fleet.update(
          "n" + i,
          s -> s.decided(plan(NodePhase.WAITING, "v", List.of("p"), false), NOW.plusSeconds(i)));
    }
    settled("warm", NodePhase.WARM, "v");
    assertEquals(
        List.of("n1", "n2"), fleet.waiting(2).stream().map(FleetIndex.WaitingNode::node).toList());
  }

  @Test
  void nodeIsBlockedWhenItIsNewWithoutCapacityOrWaiting() {
    settled("waiting", NodePhase.WAITING, "v");
    settled("pending", NodePhase.PENDING, "");
    settled("warm", NodePhase.WARM, "v");
    settled("unmanaged", NodePhase.UNMANAGED, "");
    assertTrue(fleet.isBlocked("never seen"));
    assertTrue(fleet.isBlocked("waiting"));
    assertTrue(fleet.isBlocked("pending"));
    assertFalse(fleet.isBlocked("warm"));
    assertFalse(fleet.isBlocked("unmanaged"));
  }

  @Test
  void forgottenNodeHasNoCounts() {
    settled("n", NodePhase.WARM, "v");
    assertTrue(fleet.forget("n").summary().isPresent());
    assertEquals(NodeState.NEW, fleet.forget("n"));
    assertEquals(0, fleet.size());
  }

  @Test
  void lastSyncIsUnknownAtFirst() {
    assertEquals(Optional.empty(), fleet.lastSync());
    fleet.synced(NOW);
    assertEquals(Optional.of(NOW), fleet.lastSync());
  }

  private void settled(String node, NodePhase phase, String version) {
    fleet.update(node, s -> s.decided(plan(phase, version, List.of("p", "x"), false), NOW));
  }

  private void frozen(String node, NodePhase phase, String policy) {
    NodePlan plan = plan(phase, "v", List.of("p"), false);
    Freeze freeze = new Freeze(Freeze.Cause.SUSPENDED, policy, node.equals("a"));
    fleet.update(node, s -> s.decided(plan.withSummary(plan.summary().frozen(freeze)), NOW));
  }

  private void wanted(String node, NodePhase phase, String version) {
    fleet.update(node, s -> s.decided(plan(phase, version, List.of("p"), true), NOW));
  }

  private static NodePlan plan(
      NodePhase phase, String version, List<String> matching, boolean write) {
    NodePlan nothing =
        NodePlan.none(
            NodePlan.Summary.of(phase)
                .withVersion(version)
                .because("Reason", "message")
                .withPolicies(matching, matching),
            NodeMemory.NONE);
    return write ? nothing.withBase(MetadataChange.label(Keys.CONFIG_VERSION, version)) : nothing;
  }

  private static NodePlan becomesWarm() {
    return plan(NodePhase.WARM, "v", List.of("p"), true)
        .withTransitions(List.of(PlannedTransition.WARMUP_DONE));
  }
}
