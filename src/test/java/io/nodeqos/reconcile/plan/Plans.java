// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.gate.Gates;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.reconcile.DampingSettings;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A planner with the real gates and workers, and plans as an API server would apply them. */
public final class Plans {
  private Plans() {}

  public static NodePlanner planner() {
    return planner(workers(PluginSettings.DEFAULTS));
  }

  /** Started workers, whose calls are traced. */
  public static WorkerRegistry workers(PluginSettings settings) {
    WorkerRegistry workers =
        WorkerRegistry.discovered(
            settings,
            (worker, run) -> WorkTrace.current().workerPlanned(worker, run.failure(), run.nanos()));
    workers.start();
    return workers;
  }

  public static NodePlanner planner(WorkerRegistry workers) {
    return new NodePlanner(
        new ConfigSyncer(workers, () -> DampingSettings.DEFAULT, () -> false),
        new StatusUpdater(new Gates(), () -> DampingSettings.DEFAULT));
  }

  /** The inputs of a decision, where the wall clock shows the time of the decision. */
  public static Observation observation(
      NodeView node,
      ReservedState reserved,
      NodeMemory memory,
      PolicySnapshot policies,
      Instant now) {
    return new Observation(
        node,
        reserved,
        memory,
        policies,
        policies.compile(node),
        ImagePuller.OFF,
        now,
        Duration.ZERO);
  }

  /** The node after both patches of a plan. */
  public static NodeView applied(NodeView node, NodePlan plan) {
    return applied(applied(node, plan.metadata()), plan.status());
  }

  public static NodeView applied(NodeView node, MetadataChange change) {
    Map<String, String> labels = new HashMap<>(node.labels());
    labels.putAll(change.setLabels());
    labels.keySet().removeAll(change.removeLabels());
    Map<String, String> annotations = new HashMap<>(node.annotations());
    annotations.putAll(change.setAnnotations());
    annotations.keySet().removeAll(change.removeAnnotations());
    return new NodeView(
        node.meta(),
        Map.copyOf(labels),
        Map.copyOf(annotations),
        change.taints().orElse(node.taints()),
        node.status());
  }

  /** An API server keeps times in whole seconds. */
  public static NodeView applied(NodeView node, StatusChange change) {
    NodeView.Status status = node.status();
    Map<String, NodeCondition> conditions = new HashMap<>(status.conditions());
    change
        .condition()
        .ifPresent(
            c ->
                conditions.put(
                    c.type(),
                    new NodeCondition(
                        c.type(),
                        c.status(),
                        c.reason(),
                        c.message(),
                        c.lastTransitionTime().truncatedTo(ChronoUnit.SECONDS))));
    if (change.removeCondition()) {
      conditions.remove(Keys.WARMED_UP_CONDITION);
    }
    return new NodeView(
        node.meta(),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            changed(status.capacity(), change),
            changed(status.allocatable(), change),
            conditions,
            status.images(),
            status.bootId(),
            status.software()));
  }

  private static Map<String, Quantity> changed(Map<String, Quantity> before, StatusChange change) {
    Map<String, Quantity> after = new HashMap<>(before);
    after.putAll(change.setResources());
    after.keySet().removeAll(change.removeResources());
    return after;
  }

  /** Another writer adds a taint. */
  public static NodeView tainted(NodeView node, Taint taint) {
    List<Taint> taints = new ArrayList<>(node.taints());
    taints.add(taint);
    return new NodeView(node.meta(), node.labels(), node.annotations(), taints, node.status());
  }

  /** Another writer removes a label. */
  public static NodeView unlabelled(NodeView node, String label) {
    Map<String, String> labels = new HashMap<>(node.labels());
    labels.remove(label);
    return new NodeView(
        node.meta(), Map.copyOf(labels), node.annotations(), node.taints(), node.status());
  }

  /**
   * The first status of a kubelet after a reboot: Ready as before.
   *
   * @param at the kubelet's own time of it
   */
  public static NodeView rebooted(NodeView node, String bootId, Instant at) {
    NodeView.Status s = node.status();
    NodeView.Meta meta = node.meta();
    return new NodeView(
        new NodeView.Meta(
            meta.name(),
            meta.uid(),
            meta.resourceVersion(),
            meta.createdAt(),
            meta.deleting(),
            at,
            meta.conditionWrittenAt()),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            s.capacity(), s.allocatable(), s.conditions(), s.images(), bootId, s.software()));
  }

  /** The kubelet says whether it is Ready. */
  public static NodeView ready(NodeView node, boolean isReady) {
    return reporting(node, "Ready", isReady);
  }

  /** With a condition of this type. */
  public static NodeView reporting(NodeView node, String type, boolean isTrue) {
    NodeView.Status s = node.status();
    Map<String, NodeCondition> conditions = new HashMap<>(s.conditions());
    conditions.put(
        type, new NodeCondition(type, isTrue ? "True" : "False", "", "", NodeFixture.CREATED));
    return new NodeView(
        node.meta(),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            s.capacity(), s.allocatable(), conditions, s.images(), s.bootId(), s.software()));
  }

  public static NodeView deleting(NodeView node) {
    NodeView.Meta m = node.meta();
    return new NodeView(
        new NodeView.Meta(
            m.name(), m.uid(), m.resourceVersion(), m.createdAt(), true, m.statusReportedAt()),
        node.labels(),
        node.annotations(),
        node.taints(),
        node.status());
  }

  public static NodeView versioned(NodeView node, String version) {
    NodeView.Meta meta = node.meta();
    return new NodeView(
        new NodeView.Meta(
            meta.name(),
            meta.uid(),
            version,
            meta.createdAt(),
            meta.deleting(),
            meta.statusReportedAt(),
            meta.conditionWrittenAt()),
        node.labels(),
        node.annotations(),
        node.taints(),
        node.status());
  }

  /** A node that was warmed up for its uid and boot. */
  public static NodeFixture warm(String name) {
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
