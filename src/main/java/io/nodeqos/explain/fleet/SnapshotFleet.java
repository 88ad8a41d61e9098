// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.fleet;

import io.nodeqos.explain.fleet.NodeFacts.Decided;
import io.nodeqos.gate.Gates;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.TransientTaints;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.WarmUpTimes.Accuracy;
import io.nodeqos.node.WarmUpTimes.GateTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.reconcile.plan.Observation;
import io.nodeqos.reconcile.plan.WarmUpRequest;
import io.nodeqos.time.TimeSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The nodes of a snapshot, decided as a leader decides them that has just started. */
public final class SnapshotFleet implements Fleet {
  private final SnapshotCluster cluster;
  private final PolicyCatalog policies;
  private final FleetPlanner planner;
  private final Gates gates;
  private List<Member> members;

  private SnapshotFleet(
      SnapshotCluster cluster, PolicyCatalog policies, FleetPlanner planner, Gates gates) {
    this.cluster = cluster;
    this.policies = policies;
    this.planner = planner;
    this.gates = gates;
  }

  public static SnapshotFleet of(
      SnapshotCluster cluster,
      PolicyCatalog policies,
      ReconcileSettings settings,
      SpinnerSettings spinner,
      TimeSource time) {
    return new SnapshotFleet(
        cluster,
        policies,
        FleetPlanner.of(cluster, policies, settings, spinner, time),
        new Gates(() -> new TransientTaints(settings.startupTaints())));
  }

  /** Empty when the snapshot does not have the node. */
  public Optional<NodeFacts> facts(String node) {
    return cluster.node(node).map(planner::decide).map(this::facts);
  }

  private NodeFacts facts(NodePreview preview) {
    Observation decided = preview.seen().completed();
    // With the memory that this decision leaves: since when it waits for each gate.
    Observation seen = decided.withMemory(remembered(preview, decided));
    CompiledConfig config = withPlugins(seen);
    Map<String, PolicyCatalog.Entry> all = new HashMap<>();
    policies.names().forEach(name -> policies.entry(name).ifPresent(e -> all.put(name, e)));
    return new NodeFacts(
        seen,
        config,
        new Decided(preview.plan().summary(), phase(preview.plan()), Optional.empty(), ""),
        WarmUpRequest.of(seen, config).map(r -> gates.check(r.gateInput(seen.now()), seen.now())),
        all);
  }

  /** This decision is the first one: since when all gates are open, only evidence can show. */
  private static NodeMemory remembered(NodePreview preview, Observation seen) {
    NodeMemory memory = preview.plan().memory();
    Collection<GateTimes> gates =
        memory.warmUp().map(WarmUpTimes::gates).map(Map::values).orElse(List.of());
    boolean isShown =
        gates.stream()
            .allMatch(g -> g.openSince().isPresent() && g.accuracy() == Accuracy.EVIDENCE);
    return memory.withOpenSince(
        isShown
            ? gates.stream().flatMap(g -> g.openSince().stream()).max(Comparator.naturalOrder())
            : Optional.empty());
  }

  private static CompiledConfig withPlugins(Observation seen) {
    return Optional.ofNullable(seen.node().annotations().get(Keys.CONFIG))
        .map(ConfigAnnotation::pluginSections)
        .map(ConfigAnnotation::pluginDigests)
        .map(seen.config()::withPluginSections)
        .orElse(seen.config());
  }

  /** Decides all nodes once, at the first call. */
  @Override
  public synchronized Stream<Member> members() {
    if (members == null) {
      members =
          cluster.nodeNames().stream()
              .sorted()
              .flatMap(name -> cluster.node(name).stream())
              .map(this::member)
              .toList();
    }
    return members.stream();
  }

  private Member member(NodeView node) {
    NodePreview preview = planner.decide(node);
    return new Member(
        node,
        phase(preview.plan()),
        preview.plan().summary(),
        preview.plan().memory(),
        Optional.empty());
  }

  /** Without the writes of the plan. */
  private static NodePhase phase(NodePlan plan) {
    if (plan.transitions().contains(PlannedTransition.WARMUP_DONE)) {
      return NodePhase.WAITING;
    }
    return plan.takesMark() ? NodePhase.WARM : plan.summary().phase();
  }

  @Override
  public ReservedState reserved(String node) {
    return cluster.reserved(node);
  }
}
