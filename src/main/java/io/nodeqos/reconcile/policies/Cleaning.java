// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far the nodes are from carrying nothing of one policy any more.
 *
 * @param left nodes that still carry something
 * @param unseen nodes that have not been looked at since the policies last changed
 * @param heldUp why some of those that are left make no progress, a few of them
 * @param proof whether it is known that the cache holds what the API server holds
 */
public record Cleaning(int left, int unseen, List<String> heldUp, Proof proof) {
  public static final Cleaning NONE = new Cleaning(0, 0, List.of(), Proof.NOT_ASKED);

  /** Of what the caches show. */
  enum Proof {
    NOT_ASKED,
    AWAITED,
    /** It does not come as soon as it should. */
    LATE,
    GIVEN
  }

  private static final int MAX_NAMED = 3;

  /**
   * O(nodes).
   *
   * @param policies number of the policies as they are now
   */
  static Cleaning of(String policy, ClusterView cluster, FleetIndex fleet, long policies) {
    int left = 0;
    int unseen = 0;
    List<String> heldUp = new ArrayList<>();
    for (String node : cluster.nodeNames()) {
      NodeState state = fleet.state(node);
      if (state.notes().policies() < policies) {
        unseen++;
      } else if (state.summary().filter(s -> s.leaving().contains(policy)).isPresent()) {
        left++;
        if (heldUp.size() < MAX_NAMED) {
          holdUp(state).ifPresent(why -> heldUp.add("node " + node + ": " + why));
        }
      }
    }
    return new Cleaning(left, unseen, List.copyOf(heldUp), Proof.NOT_ASKED);
  }

  private static Optional<String> holdUp(NodeState state) {
    if (!state.problem().isEmpty()) {
      return Optional.of(state.problem());
    }
    boolean idle = state.freeze().isPresent() || state.isIn(NodePhase.PENDING);
    // It was not even tried, and not because the cache has yet to show that it is done.
    boolean stays = !state.differs() && state.awaited().isEmpty();
    return state.summary().filter(s -> idle || stays).map(Summary::message);
  }

  boolean isDone() {
    return left == 0 && unseen == 0;
  }

  /** The cache may be behind. */
  Cleaning unproved(boolean late) {
    return new Cleaning(left, unseen, heldUp, late ? Proof.LATE : Proof.AWAITED);
  }

  /**
   * The cache is not behind.
   *
   * @param onNodes nodes that it shows with something, which have yet to be looked at
   */
  Cleaning rest(int onNodes) {
    return new Cleaning(left, onNodes, heldUp, Proof.GIVEN);
  }

  /** No node carries anything, for certain. */
  boolean isProved() {
    return isDone() && proof == Proof.GIVEN;
  }

  /** Nobody tells when this goes on. */
  boolean isWaitedFor() {
    return unseen > 0 || proof == Proof.LATE;
  }

  /** It is done in a moment, or known not to be. */
  boolean isAboutToEnd() {
    return proof == Proof.AWAITED;
  }

  String sentence() {
    return (left == 1 ? "1 node is" : left + " nodes are")
        + " left to clean"
        + (unseen == 0 ? "" : ", " + unseen + " not checked yet")
        + (proof == Proof.LATE ? ", but the cache of nodes may be behind the API" + " server" : "")
        + "."
        + (heldUp.isEmpty() ? "" : " Held up: " + String.join("; ", heldUp));
  }
}
