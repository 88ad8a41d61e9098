// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.gate.Gates;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodePlan;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Quantity;
import io.nodeqos.node.Taint;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.qos.WorkerRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A planner with the real gates and workers, and what an API server would make of a plan. */
final class Plans {
  private Plans() {}

  static NodePlanner planner() {
    WorkerRegistry workers = WorkerRegistry.discovered(WorkerObserver.NONE);
    workers.start();
    return new NodePlanner(
        new ConfigSyncer(workers, DampingSettings.DEFAULT),
        new StatusUpdater(new Gates(), DampingSettings.DEFAULT));
  }

  /** The node after both patches of a plan. */
  static NodeView applied(NodeView node, NodePlan plan) {
    Map<String, String> labels = new HashMap<>(node.labels());
    labels.putAll(plan.metadata().setLabels());
    labels.keySet().removeAll(plan.metadata().removeLabels());
    Map<String, String> annotations = new HashMap<>(node.annotations());
    annotations.putAll(plan.metadata().setAnnotations());
    annotations.keySet().removeAll(plan.metadata().removeAnnotations());
    List<Taint> taints = new ArrayList<>(plan.metadata().taints().orElse(node.taints()));
    Map<String, Quantity> capacity = changed(node.status().capacity(), plan);
    Map<String, Quantity> allocatable = changed(node.status().allocatable(), plan);
    Map<String, NodeCondition> conditions = new HashMap<>(node.status().conditions());
    plan.status().condition().ifPresent(c -> conditions.put(c.type(), c));
    return new NodeView(
        node.meta(),
        Map.copyOf(labels),
        Map.copyOf(annotations),
        taints,
        new NodeView.Status(
            capacity, allocatable, conditions, node.status().images(), node.status().bootId()));
  }

  private static Map<String, Quantity> changed(Map<String, Quantity> before, NodePlan plan) {
    Map<String, Quantity> after = new HashMap<>(before);
    after.putAll(plan.status().setResources());
    after.keySet().removeAll(plan.status().removeResources());
    return after;
  }

  /** A node that was warmed up for its uid and boot. */
  static NodeFixture warm(String name) {
    return NodeFixture.node(name)
        .label(Keys.WARMED_UP, "true")
        .annotation(Keys.WARMED_UP_FOR, "uid-1/boot-1")
        .annotation(Keys.WARMED_UP_AT, "2026-01-01T00:01:00Z")
        .condition(
            new NodeCondition(
                Keys.WARMED_UP_CONDITION,
                "True",
                "WarmedUp",
                "All gates are open.",
                NodeFixture.CREATED));
  }
}
