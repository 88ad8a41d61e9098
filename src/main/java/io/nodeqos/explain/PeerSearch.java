// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.ObjectRef;
import io.nodeqos.explain.answer.Explanation.Peers;
import io.nodeqos.explain.fleet.Fleet;
import io.nodeqos.explain.fleet.Fleet.Member;
import io.nodeqos.explain.fleet.NodeTraits;
import io.nodeqos.explain.fleet.WarmedUpNodes;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.WarmUpTimes.GateTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.policy.spec.GateKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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
              } else if (waitsFor(m, gate, blocked.shared())) {
                waiting.add(m.node());
              }
            });
    return new Peers(
        blocked.shared().toString(),
        waiting.stream().map(NodeView::name).filter(n -> !n.equals(node.name())).sorted().toList(),
        NodeTraits.inCommon(waiting, warm),
        warm.size());
  }

  /** Another node remembers the oldest blocker of a gate alone: its other pods show the rest. */
  private boolean waitsFor(Member member, String gate, ObjectRef object) {
    return member
        .memory()
        .warmUp()
        .map(WarmUpTimes::gates)
        .map(gates -> gates.get(gate))
        .filter(times -> times.openSince().isEmpty())
        .filter(times -> shared(member, times).equals(object) || isUnready(member, object))
        .isPresent();
  }

  /** A DaemonSet that has pods on the node, and none of them is Ready. */
  private boolean isUnready(Member member, ObjectRef object) {
    NamespaceState state =
        fleet.reserved(member.node().name()).namespaces().get(object.namespace());
    if (state == null || !object.kind().equals(BlockedObject.DAEMON_SET)) {
      return false;
    }
    Set<String> uids =
        state.daemonSets().stream()
            .filter(d -> d.name().equals(object.name()))
            .map(DaemonSetView::uid)
            .collect(Collectors.toSet());
    List<PodView> own = state.pods().stream().filter(p -> uids.contains(p.ownerUid())).toList();
    return !own.isEmpty() && own.stream().noneMatch(p -> p.state().ready());
  }

  private ObjectRef shared(Member member, GateTimes times) {
    String name = member.node().name();
    return BlockedObject.of(
            GateKind.ofCode(times.kind()), times.blocker(), name, fleet.reserved(name))
        .shared();
  }
}
