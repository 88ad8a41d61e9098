// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.explain.answer.FleetExplanation;
import io.nodeqos.explain.answer.FleetExplanationText;
import io.nodeqos.explain.fleet.Fleet;
import io.nodeqos.explain.fleet.SnapshotFleet;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.text.TextFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FleetExplainerTest extends ExplainedCluster {
  @Test
  void nodeThatIsNotDecidedYetIsNotCountedAsWarm() {
    SnapshotFleet empty = fleet();
    Fleet.Member undecided =
        new Fleet.Member(
            node("node-1").build(),
            NodePhase.PENDING,
            Fleet.NOT_DECIDED,
            NodeMemory.NONE,
            Optional.of(time.source().steadyTime()));
    Instant since = time.instant();
    time.advance(Duration.ofSeconds(30));
    Fleet fleet =
        new Fleet() {
          @Override
          public Stream<Member> members() {
            return Stream.of(undecided);
          }

          @Override
          public ReservedState reserved(String node) {
            return empty.reserved(node);
          }
        };

    FleetExplanation all = new FleetExplainer(fleet, time.source()).all(List.of(), List.of());

    assertEquals(5, all.exitCode());
    assertEquals("NotDecided", all.groups().get(0).reason());
    assertEquals(Optional.of(since), all.groups().get(0).since());
  }

  @Test
  void sumNamesTheReasonOfTheNamespace() {
    nodes.add(tainted("node-1").build());
    policies.add(
        policy("base", "{'warmUp': {'reservedPods': [{'namespace': 'cni', 'selector': {}}]}}"));

    FleetExplanation all = new FleetExplainer(fleet(), time.source()).all(List.of(), List.of());

    assertEquals("NamespaceNotReserved", all.groups().get(0).reason());
    assertEquals("namespace cni", all.groups().get(0).blocker());
  }

  @Test
  void policyThatSelectsNoNodeHasProvedNothing() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));

    FleetExplanation none =
        new FleetExplainer(fleet(), time.source()).ofPolicy("base", List.of(), List.of());

    assertEquals(5, none.exitCode());
    assertEquals(
        "No node follows policy base.",
        FleetExplanationText.lines(none, TextFormat.plain()).get(0));
  }

  @Test
  void sumsNameTheDaemonSetThatSeveralPodsBelongTo() {
    policies.add(policy("base", WAITS_FOR_CNI));
    daemonSets.add(ReservedFixture.daemonSet("cni", List.of()));
    nodes.add(tainted("node-1").build());
    nodes.add(tainted("node-2").build());
    nodes.add(warm("node-3").build());

    FleetExplanation all = new FleetExplainer(fleet(), time.source()).all(List.of(), List.of());

    assertEquals(3, all.nodes());
    assertEquals(1, all.warm());
    assertEquals(5, all.exitCode());
    assertEquals(
        List.of("DaemonSet kube-system/cni GateDeadlock [node-1, node-2]"),
        all.groups().stream().map(g -> g.blocker() + " " + g.reason() + " " + g.nodes()).toList());
    assertEquals(
        "2 of 3 nodes are not warm, for 1 reason.",
        FleetExplanationText.lines(all, TextFormat.plain()).get(0));
  }
}
