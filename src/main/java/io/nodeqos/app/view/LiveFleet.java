// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.explain.fleet.Fleet;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** The nodes as this replica has decided them. Checks no gate again. */
public final class LiveFleet implements Fleet {
  private final ClusterView cluster;
  private final FleetIndex fleet;

  public LiveFleet(ClusterView cluster, FleetIndex fleet) {
    this.cluster = cluster;
    this.fleet = fleet;
  }

  @Override
  public Stream<Member> members() {
    return cluster.nodeNames().stream()
        .flatMap(name -> cluster.node(name).stream())
        .map(this::member);
  }

  private Member member(NodeView node) {
    NodeState state = fleet.state(node.name());
    return new Member(
        node,
        state.phase().orElse(NodePhase.PENDING),
        state.summary().orElse(NOT_DECIDED),
        state.memory(),
        Optional.of(state.since()).filter(since -> since.isAfter(Instant.EPOCH)));
  }

  @Override
  public ReservedState reserved(String node) {
    return cluster.reserved(node);
  }
}
