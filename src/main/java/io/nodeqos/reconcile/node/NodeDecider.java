// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.reconcile.Admission;
import io.nodeqos.reconcile.fleet.Cause;
import io.nodeqos.reconcile.node.NodeDecider.Decision;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.Observation;
import java.util.List;

/**
 * Decides the state of a node: {@link NodePlanner} alone computes the wanted state, and each
 * admission in turn removes the changes that may not happen now.
 */
public final class NodeDecider {
  private final NodeObserver observer;
  private final NodePlanner planner;
  private final List<Admission> admissions;

  /**
   * @param admissions in order: the brake comes before the pull slots, as it must not remove a
   *     label for which a slot was taken
   */
  public NodeDecider(NodeObserver observer, NodePlanner planner, List<Admission> admissions) {
    this.observer = observer;
    this.planner = planner;
    this.admissions = List.copyOf(admissions);
  }

  /**
   * A decision.
   *
   * @param plan the admitted part of the plan
   * @param cause hash of its inputs, which shows writes without an outside cause; without meaning
   *     when there is nothing to write
   */
  record Decision(Observation seen, NodePlan plan, int cause) {
    static Decision of(Observation seen, NodePlan plan) {
      return new Decision(
          seen,
          plan,
          plan.isConverged()
              ? 0
              : Cause.of(seen.node(), seen.reserved(), seen.policies(), plan.images().turn()));
    }
  }

  Decision decide(NodeView node) {
    Observation seen = observer.observe(node);
    NodePlan plan = planner.decide(seen);
    for (Admission admission : admissions) {
      plan = admission.admit(node, seen.config(), plan, seen.now());
    }
    return Decision.of(seen, plan);
  }
}
