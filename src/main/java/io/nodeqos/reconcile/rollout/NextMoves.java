// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chooses the nodes that get another revision next: a pure function of the input of a decision. */
final class NextMoves {
  private final RolloutInput in;
  private final String target;
  private final List<RolloutNode> on;

  NextMoves(RolloutInput in) {
    this.in = in;
    this.target = in.revisions().target();
    this.on = in.nodes().stream().filter(n -> n.isOn(target)).toList();
  }

  /** How many nodes have been given the target revision, and are neither healthy nor failed yet. */
  int arriving() {
    return (int) on.stream().filter(n -> !n.isHealthyOn(target) && !n.health().failed()).count();
  }

  /** Nodes with a revision that is neither their stable one nor the target. */
  List<RolloutNode> strays() {
    return in.nodes().stream()
        .filter(n -> n.movable() && !n.isOn(target) && !n.isOn(n.stable()))
        .toList();
  }

  /**
   * The next nodes for the target, and those with the revision of an earlier edit.
   *
   * @param wanted how many nodes may have the target revision
   * @return node to revision, in order
   */
  Map<String, String> forward(int wanted) {
    if (on.size() > wanted) {
      return takenBack(on.size() - wanted);
    }
    Map<String, String> moves = new LinkedHashMap<>();
    StepOrder<RolloutNode> order =
        new StepOrder<>(RolloutNode::zone, RolloutNode::name, RolloutNode::unwell);
    int room = Math.max(0, in.spec().maxConcurrent() - arriving());
    int most = Math.min(room, wanted - on.size());
    // A node with the revision of an earlier edit comes first: it is in use as a canary already.
    List<RolloutNode> strays = strays();
    order.first(strays, n -> true, n -> false, most).forEach(n -> moves.put(n.name(), target));
    if (moves.size() < most) {
      order
          .first(
              in.nodes(),
              n -> n.movable() && n.isOn(n.stable()) && !n.isOn(target),
              n -> n.isOn(target),
              most - moves.size())
          .forEach(n -> moves.put(n.name(), target));
    }
    boolean isStepFull = on.size() + moves.size() >= wanted;
    if (isStepFull) {
      back(strays, moves);
    }
    return moves;
  }

  /** Other nodes have left, so that the step has become smaller: moves that wait are taken back. */
  private Map<String, String> takenBack(int most) {
    Map<String, String> moves = new LinkedHashMap<>();
    on.stream()
        .filter(n -> !n.carried().equals(target))
        .sorted(Comparator.comparing(RolloutNode::name).reversed())
        .limit(most)
        .forEach(n -> moves.put(n.name(), n.carried()));
    back(strays(), moves);
    return moves;
  }

  private void back(List<RolloutNode> strays, Map<String, String> moves) {
    long inFlight =
        in.nodes().stream().filter(n -> n.moving().filter(n.stable()::equals).isPresent()).count();
    strays.stream()
        .filter(n -> !moves.containsKey(n.name()))
        .limit(Math.max(0, in.spec().maxConcurrent() - inFlight))
        .forEach(n -> moves.put(n.name(), n.stable()));
  }

  /** True when every node that can be moved has settled on its stable revision. */
  boolean isBack() {
    return left().isEmpty();
  }

  /** The next nodes that get the stable revision back: the newest on the target first. */
  Map<String, String> back() {
    List<RolloutNode> left = left();
    int inFlight = (int) left.stream().filter(n -> n.isOn(n.stable())).count();
    Map<String, String> moves = new LinkedHashMap<>();
    left.stream()
        .filter(n -> !n.isOn(n.stable()))
        .sorted(
            Comparator.comparing(RolloutNode::changedAt)
                .thenComparing(RolloutNode::name)
                .reversed())
        .limit(Math.max(0, in.spec().maxConcurrent() - inFlight))
        .forEach(n -> moves.put(n.name(), n.stable()));
    return moves;
  }

  private List<RolloutNode> left() {
    return in.nodes().stream().filter(n -> !n.hasSettledOn(n.stable()) && n.movable()).toList();
  }
}
