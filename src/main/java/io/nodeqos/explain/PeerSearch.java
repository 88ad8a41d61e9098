// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.Explanation.ObjectRef;
import io.nodeqos.explain.Explanation.Peers;
import io.nodeqos.explain.Fleet.Member;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.WarmUpTimes.GateTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.policy.GateKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the other nodes that wait for the same object. Passes once over the nodes. */
final class PeerSearch {
  private final Fleet fleet;
  private final WarmedUpNodes nodes;
  private final NodeView node;

  /**
   * @param nodes those that the policy of the node warms up
   */
  PeerSearch(Fleet fleet, WarmedUpNodes nodes, NodeView node) {
    this.fleet = fleet;
    this.nodes = nodes;
    this.node = node;
  }

  /**
   * @param gate name of the closed gate
   */
  Peers find(String gate, BlockedObject blocked) {
    List<NodeView> waiting = new ArrayList<>();
    List<NodeView> warm = new ArrayList<>();
    waiting.add(node);
    nodes
        .members()
        .filter(m -> !m.node().name().equals(node.name()))
        .forEach(
            m -> {
              if (m.phase() == NodePhase.WARM) {
                warm.add(m.node());
              } else if (blocker(m, gate).filter(blocked.shared()::equals).isPresent()) {
                waiting.add(m.node());
              }
            });
    return new Peers(
        blocked.shared().toString(),
        waiting.stream().map(NodeView::name).filter(n -> !n.equals(node.name())).sorted().toList(),
        NodeTraits.inCommon(waiting, warm),
        warm.size());
  }

  /** The object that another node waits for at this gate. */
  private Optional<ObjectRef> blocker(Member member, String gate) {
    return member
        .memory()
        .warmUp()
        .map(WarmUpTimes::gates)
        .map(gates -> gates.get(gate))
        .filter(times -> times.openSince().isEmpty())
        .map(times -> shared(member, times));
  }

  private ObjectRef shared(Member member, GateTimes times) {
    String name = member.node().name();
    return BlockedObject.of(
            GateKind.ofCode(times.kind()), times.blocker(), name, fleet.reserved(name))
        .shared();
  }
}
