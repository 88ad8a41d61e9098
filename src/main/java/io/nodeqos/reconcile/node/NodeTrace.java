// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.election.Fence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.reconcile.plan.WarmUpMark;
import io.nodeqos.reconcile.plan.WarmedUpCondition;
import io.nodeqos.telemetry.tracing.WarmUpTrace;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Adds the decision for a node to the traces, and a trace of each finished warm-up. */
public final class NodeTrace {
  private final Fence fence;

  public NodeTrace(Fence fence) {
    this.fence = fence;
  }

  void decided(NodeView node, NodePlan plan) {
    WorkTrace trace = WorkTrace.current();
    trace.decided(plan.summary().sources(), plan.summary().configVersion());
    if (fence.isOpen()) {
      trace.leads(fence.epoch());
    }
    if (plan.summary().waitsForGates() || isWarmedUpBy(plan)) {
      trace.linkToWarmUp(node.meta().uid(), node.status().bootId() + round(node));
    }
  }

  /** The metadata patch was written; the leader whose patch ends a warm-up traces all of it. */
  void marked(NodeView node, NodePlan plan, Instant now) {
    List<String> moved = moved(node, plan);
    if (!moved.isEmpty()) {
      WorkTrace.current().moved(moved);
    }
    if (isWarmedUpBy(plan)) {
      plan.memory()
          .warmUp()
          .ifPresent(t -> WorkTrace.current().warmedUp(warmUpTrace(node, plan, t, now)));
    }
  }

  /** The revisions that it carries now, of those policies whose revision has changed. */
  private static List<String> moved(NodeView node, NodePlan plan) {
    String written = plan.metadata().setAnnotations().get(Keys.CONFIG);
    if (written == null) {
      return List.of();
    }
    Map<String, String> before = ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG));
    Map<String, String> now = ConfigAnnotation.revisions(written);
    Set<String> policies = new TreeSet<>(before.keySet());
    policies.addAll(now.keySet());
    return policies.stream()
        .filter(p -> !Objects.equals(before.get(p), now.get(p)))
        .map(p -> p + "=" + now.getOrDefault(p, "stable"))
        .toList();
  }

  private static boolean isWarmedUpBy(NodePlan plan) {
    return plan.transitions().contains(PlannedTransition.WARMUP_DONE);
  }

  /** A node that lost its mark in this boot is warmed up again from the time in its condition. */
  private static String round(NodeView node) {
    return WarmUpMark.isLostBy(node)
        ? WarmedUpCondition.of(node)
            .current()
            .filter(c -> !c.isTrue())
            .map(c -> "/" + c.lastTransitionTime())
            .orElse("")
        : "";
  }

  private WarmUpTrace warmUpTrace(NodeView node, NodePlan plan, WarmUpTimes times, Instant now) {
    return new WarmUpTrace(
        new WarmUpTrace.NodeInfo(
            node.name(),
            node.meta().uid(),
            node.status().bootId(),
            round(node),
            plan.summary().sources(),
            plan.summary().configVersion(),
            fence.epoch()),
        times.begin(),
        now,
        times.gates().entrySet().stream()
            .map(
                gate ->
                    new WarmUpTrace.Gate(
                        gate.getValue().kind(),
                        gate.getKey(),
                        gate.getValue().awaitedSince(),
                        gate.getValue().openSince().orElse(now),
                        gate.getValue().accuracy(),
                        gate.getValue().blocker()))
            .toList(),
        times.stableSince());
  }
}
