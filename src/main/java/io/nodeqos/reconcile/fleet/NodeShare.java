// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.reconcile.plan.NodePlanner;
import java.util.List;
import java.util.Optional;

/**
 * All that the policies of a node count of it. An equal share changes no count: so each count over
 * nodes is made of this record alone.
 *
 * @param matching policies that select the node
 * @param outdated those among them of which it follows an earlier revision
 * @param leaving policies that are to be removed from it
 */
public record NodeShare(
    NodeCount count,
    List<String> matching,
    List<String> outdated,
    List<String> leaving,
    Optional<PullFailure> pullFailure) {

  /** The share of a node after its last decision. */
  public static NodeShare of(NodeState state) {
    Optional<Summary> summary = state.summary();
    boolean configured =
        !state.differs()
            && !state.isIn(NodePhase.PENDING)
            && summary.filter(NodePlanner::cannotBeConfigured).isEmpty()
            && state.freeze().map(freeze -> freeze.current()).orElse(true);
    return new NodeShare(
        new NodeCount(
            configured,
            state.isIn(NodePhase.WARM),
            state.isIn(NodePhase.WAITING),
            summary.map(Summary::configVersion).orElse(""),
            summary.map(Summary::deadlocks).orElse(List.of()),
            state.freeze()),
        summary.map(Summary::matching).orElse(List.of()),
        summary.map(Summary::outdated).orElse(List.of()),
        summary.map(Summary::leaving).orElse(List.of()),
        state.notes().pullFailure());
  }
}
