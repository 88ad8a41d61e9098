// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.election.Fence;
import io.nodeqos.events.QosEvent;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.plan.OrphanTaints;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reports once each startup taint that no policy will remove. Every replica keeps track of them, so
 * that a new leader does not repeat a report.
 */
public final class OrphanReport {
  private final EventPublisher events;
  private final Fence fence;
  private final TimeSource time;
  private final Supplier<Duration> grace;

  /**
   * @param grace no report if a policy is created within this time after the taint was seen
   */
  public OrphanReport(
      EventPublisher events, Fence fence, TimeSource time, Supplier<Duration> grace) {
    this.events = events;
    this.fence = fence;
    this.time = time;
    this.grace = grace;
  }

  /** The node's orphan taints after a decision. */
  OrphanTaints decided(NodeView node, NodeState before, NodePlan plan) {
    Instant now = time.steadyTime();
    OrphanTaints orphans = before.notes().orphans().next(plan.summary().orphanTaints(), now);
    if (orphans.due(grace.get()).filter(at -> !now.isBefore(at)).isEmpty()) {
      return orphans;
    }
    if (fence.isOpen()) {
      events.node(
          QosEvent.Type.ORPHAN_STARTUP_TAINT,
          node.meta(),
          "",
          new QosEvent.Context("", "", fence.epoch()),
          sentence(node.name(), orphans, time.wallTime(orphans.since())));
    }
    return orphans.asTold();
  }

  /** When a report about the node is due. */
  Optional<Instant> due(NodeState state) {
    return state.notes().orphans().due(grace.get());
  }

  private static String sentence(String node, OrphanTaints orphans, Instant since) {
    boolean one = orphans.taints().size() == 1;
    return "No policy warms the node up, but the node has had the startup "
        + (one ? "taint " : "taints ")
        + String.join(", ", orphans.taints())
        + " since "
        + since.truncatedTo(ChronoUnit.SECONDS)
        + " or longer. To remove "
        + (one ? "it" : "them")
        + ": "
        + command(node, orphans);
  }

  private static String command(String node, OrphanTaints orphans) {
    return "kubectl taint node " + node + " " + String.join("- ", orphans.taints()) + "-";
  }
}
