// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.PreviewFixture;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeOutcomeTest {
  private final SnapshotCluster cluster =
      SnapshotCluster.of(
          new PreviewFixture()
              .node(node("a"))
              .node(node("b"))
              .node(node("large").resource("cpu", "64"))
              .snapshot());

  /** A large fleet would not fit into the memory of a leader otherwise. */
  @Test
  void nodesThatChangeAlikeHaveOneList() {
    FleetPlanner without = planner("{}");
    FleetPlanner with = planner("{'reservation': {'cpu': '10%'}}");
    Map<List<Change>, List<Change>> alike = new HashMap<>();
    List<List<Change>> changes =
        with.nodes().stream()
            .map(node -> NodeOutcome.of(without.decide(node), with.decide(node)))
            .map(outcome -> outcome.sharing(alike).changes())
            .toList();

    assertFalse(changes.get(0).isEmpty());
    assertSame(changes.get(0), changes.get(1));
    assertNotSame(changes.get(0), changes.get(2));
    assertEquals(2, alike.size());
  }

  private FleetPlanner planner(String spec) {
    return FleetPlanner.of(
        cluster,
        PolicyFixture.catalog(policy("p", spec)),
        ReconcileSettings.DEFAULTS,
        SpinnerSettings.DEFAULTS,
        new FakeTime().source());
  }
}
