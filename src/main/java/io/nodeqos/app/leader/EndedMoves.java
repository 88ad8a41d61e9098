// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.policy.rollout.NodeMoves;

/**
 * Forgets the moves of nodes at the end of a term. Otherwise the next term of this process would
 * carry them out before it has looked at the rollout, which may have gone on under another leader.
 */
public final class EndedMoves implements LeadershipListener {
  private final NodeMoves moves;

  public EndedMoves(NodeMoves moves) {
    this.moves = moves;
  }

  @Override
  public void leading(LeaderTerm term) {
    moves.clear();
  }

  @Override
  public void stopped(LeaderTerm term, String reason) {
    moves.clear();
  }
}
