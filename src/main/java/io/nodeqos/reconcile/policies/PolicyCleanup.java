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
import java.util.function.Predicate;

/**
 * The progress of cleaning the nodes of one policy's state.
 *
 * @param left nodes that still carry state of the policy
 * @param unseen nodes that have not been decided since the last change of the policies
 * @param heldUp why some of the left nodes make no progress, a few examples
 * @param proof whether the cache is known to hold the state of the API server
 */
public record PolicyCleanup(int left, int unseen, List<String> heldUp, Proof proof) {
  public static final PolicyCleanup NONE = new PolicyCleanup(0, 0, List.of(), Proof.NOT_ASKED);

  /** Whether the cache is proved to be up to date. */
  enum Proof {
    NOT_ASKED,
    AWAITED,
    /** The proof takes longer than expected. */
    LATE,
    GIVEN
  }

  private static final int MAX_NAMED = 3;

  /**
   * O(nodes).
   *
   * @param undecided whether a node must still be decided with the policy as it is now
   */
  static PolicyCleanup of(
      String policy, ClusterView cluster, FleetIndex fleet, Predicate<String> undecided) {
    int left = 0;
    int unseen = 0;
    List<String> heldUp = new ArrayList<>();
    for (String node : cluster.nodeNames()) {
      NodeState state = fleet.state(node);
      if (undecided.test(node)) {
        unseen++;
      } else if (state.summary().filter(s -> s.leaving().contains(policy)).isPresent()) {
        left++;
        if (heldUp.size() < MAX_NAMED) {
          holdUp(state).ifPresent(why -> heldUp.add("node " + node + ": " + why));
        }
      }
    }
    return new PolicyCleanup(left, unseen, List.copyOf(heldUp), Proof.NOT_ASKED);
  }

  private static Optional<String> holdUp(NodeState state) {
    if (!state.problem().isEmpty()) {
      return Optional.of(state.problem());
    }
    boolean idle = state.freeze().isPresent() || state.isIn(NodePhase.PENDING);
    // The removal was not tried, and the cache is not behind a finished one.
    boolean stays = !state.differs() && state.awaited().isEmpty();
    return state.summary().filter(s -> idle || stays).map(Summary::message);
  }

  boolean isDone() {
    return left == 0 && unseen == 0;
  }

  /** The cache may be behind. */
  PolicyCleanup unproved(boolean late) {
    return new PolicyCleanup(left, unseen, heldUp, late ? Proof.LATE : Proof.AWAITED);
  }

  /**
   * The cache is not behind.
   *
   * @param onNodes nodes with state in the cache that must still be decided
   */
  PolicyCleanup rest(int onNodes) {
    return new PolicyCleanup(left, onNodes, heldUp, Proof.GIVEN);
  }

  /** It is certain that no node carries state of the policy. */
  boolean isProved() {
    return isDone() && proof == Proof.GIVEN;
  }

  /** No event announces further progress. */
  boolean isWaitedFor() {
    return unseen > 0 || proof == Proof.LATE;
  }

  /** It ends in a moment, or the proof fails. */
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
