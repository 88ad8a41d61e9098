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
 * Decides what a node shall carry: {@link NodePlanner} alone says what it should, and the
 * admissions take out of that, one after the other, what may not happen now.
 */
public final class NodeDecider {
  private final NodeObserver observer;
  private final NodePlanner planner;
  private final List<Admission> admissions;

  /**
   * @param admissions in order. What the brake cuts out of a plan must not be the label that a pull
   *     slot was taken for: it comes before the slots
   */
  public NodeDecider(NodeObserver observer, NodePlanner planner, List<Admission> admissions) {
    this.observer = observer;
    this.planner = planner;
    this.admissions = List.copyOf(admissions);
  }

  /**
   * A decision.
   *
   * @param plan what was admitted of it
   * @param cause what it came from, to tell writes that nothing outside calls for; without meaning
   *     where there is nothing to write
   */
  record Decision(Observation seen, NodePlan plan, int cause) {
    static Decision of(Observation seen, NodePlan plan) {
      return new Decision(
          seen,
          plan,
          plan.isConverged()
              ? 0
              : Cause.of(
                  seen.node(), seen.reserved(), seen.policies().number(), plan.images().turn()));
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
