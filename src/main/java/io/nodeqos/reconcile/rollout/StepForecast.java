// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutSpec.Pause;
import io.nodeqos.reconcile.fleet.NodeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The steps of a rollout before they come: which nodes each gives the target revision, in order, if
 * all nodes stay as they are.
 *
 * @param nodes the nodes that the steps count
 * @param updated those that have the target revision already
 * @param held those that cannot be given it, as they are frozen
 */
public record StepForecast(int nodes, int updated, int held, List<Step> steps) {
  public StepForecast {
    steps = List.copyOf(steps);
  }

  /**
   * A node before the rollout.
   *
   * @param unwell it comes last
   * @param movable it is not frozen
   */
  public record Node(NodeView view, boolean unwell, boolean movable) {

    /**
     * A node as it is now.
     *
     * @param present the decision about the node before it gets the target revision
     */
    public static Node of(
        RolloutSpec spec,
        NodeView view,
        ReservedState reserved,
        NodePlan present,
        boolean movable) {
      boolean isUnwell =
          RolloutWatch.isCordoned(view)
              || !new Symptoms(spec.health())
                  .of(view, reserved, NodeState.of(present), true)
                  .isEmpty();
      return new Node(view, isUnwell, movable);
    }
  }

  /**
   * A step.
   *
   * @param number counts from 1
   * @param wanted how many nodes have the target revision after it
   * @param given the names of the nodes that it gives the revision, in order
   * @param zones how many of these there are with each value of the label by which the steps are
   *     spread, without it under the empty one
   * @param soak how long the nodes must be healthy
   * @param pause after that
   */
  public record Step(
      int number,
      int wanted,
      List<String> given,
      Map<String, Integer> zones,
      Duration soak,
      Optional<Pause> pause) {

    /** The least time from the last write of the step to the next step. */
    public Duration least() {
      return soak.plus(pause.flatMap(Pause::duration).orElse(Duration.ZERO));
    }

    /** The next step waits for an operator. */
    public boolean awaitsPromotion() {
      return pause.filter(p -> p.duration().isEmpty()).isPresent();
    }
  }

  /** The least time of all steps, without writes, and without the waits for promotions. */
  public Duration least() {
    return steps.stream().map(Step::least).reduce(Duration.ZERO, Duration::plus);
  }

  /** How many steps wait for an operator. */
  public int promotions() {
    return (int) steps.stream().filter(Step::awaitsPromotion).count();
  }

  /**
   * The steps of a rollout that starts now, or goes on.
   *
   * @param all nodes that the steps do not count are left out
   */
  public static StepForecast of(PolicyRollout rollout, List<Node> all) {
    RolloutSpec spec = rollout.spec();
    List<Node> counted = all.stream().filter(n -> rollout.counts(n.view())).toList();
    List<Node> order = order(rollout, counted);
    int updated = (int) counted.stream().filter(n -> isOnTarget(rollout, n)).count();
    int next = 0;
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < spec.steps().size(); i++) {
      int wanted = spec.steps().get(i).nodes().ceilingOf(counted.size());
      int end = Math.min(order.size(), Math.max(next, wanted - updated));
      List<Node> given = order.subList(next, end);
      Map<String, Integer> zones = new TreeMap<>();
      given.forEach(n -> zones.merge(zone(spec, n), 1, Integer::sum));
      steps.add(
          new Step(
              i + 1,
              wanted,
              given.stream().map(n -> n.view().name()).toList(),
              zones,
              spec.health().soak(),
              spec.steps().get(i).pause()));
      next = end;
    }
    return new StepForecast(
        counted.size(), updated, counted.size() - updated - order.size(), steps);
  }

  /** As {@link RolloutPlanner} takes them, which does so again after each move. */
  private static List<Node> order(PolicyRollout rollout, List<Node> counted) {
    StepOrder<Node> order =
        new StepOrder<>(n -> zone(rollout.spec(), n), n -> n.view().name(), Node::unwell);
    Predicate<Node> isWaiting = n -> n.movable() && !isOnTarget(rollout, n);
    // Nodes with the revision of an earlier edit come first.
    List<Node> strays =
        counted.stream()
            .filter(isWaiting)
            .filter(n -> !rollout.carriedBy(n.view()).equals(rollout.stableFor(n.view())))
            .toList();
    List<Node> first = order.first(strays, n -> true, n -> false, strays.size());
    Set<Node> taken = new HashSet<>(first);
    List<Node> all = new ArrayList<>(first);
    all.addAll(
        order.first(
            counted,
            n -> isWaiting.test(n) && !taken.contains(n),
            n -> taken.contains(n) || isOnTarget(rollout, n),
            counted.size()));
    return all;
  }

  private static boolean isOnTarget(PolicyRollout rollout, Node node) {
    return rollout.carriedBy(node.view()).equals(rollout.target());
  }

  private static String zone(RolloutSpec spec, Node node) {
    return node.view().labels().getOrDefault(spec.spreadBy(), "");
  }
}
