// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.rollout.NodeMoves;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Watches the nodes of one rollout while this process leads. Used by one thread.
 *
 * <p>A leader that takes a rollout over does not know what was wrong before, except where a
 * condition says since when: so it takes troubles of pods for new ones, on all nodes alike. Then
 * the control group shows whether the revision causes them.
 */
final class RolloutWatch {
  private final ClusterView cluster;
  private final FleetIndex fleet;
  private final NodeMoves moves;
  private final Map<String, HealthRecord> records = new HashMap<>();

  RolloutWatch(ClusterView cluster, FleetIndex fleet, NodeMoves moves) {
    this.cluster = cluster;
    this.fleet = fleet;
    this.moves = moves;
  }

  /**
   * All nodes of the rollout. O(nodes).
   *
   * @param startedAt the start of the rollout; empty when it starts now
   */
  List<RolloutNode> look(
      PolicyRollout rollout, RolloutSpec spec, Optional<Instant> startedAt, Instant now) {
    Symptoms symptoms = new Symptoms(spec.health());
    List<RolloutNode> nodes = new ArrayList<>();
    Map<String, HealthRecord> seen = new HashMap<>();
    for (String name : cluster.nodeNames()) {
      Optional<NodeView> view = cluster.node(name).filter(rollout::counts);
      if (view.isPresent()) {
        nodes.add(look(rollout, spec, symptoms, view.get(), startedAt, now));
        seen.put(name, records.get(name));
      } else {
        moves.done(rollout.policy(), name);
      }
    }
    records.keySet().retainAll(seen.keySet());
    return nodes;
  }

  private RolloutNode look(
      PolicyRollout rollout,
      RolloutSpec spec,
      Symptoms symptoms,
      NodeView node,
      Optional<Instant> startedAt,
      Instant now) {
    String name = node.name();
    NodeState state = fleet.state(name);
    String carried = rollout.carriedBy(node);
    Optional<String> moving = moves.of(rollout.policy(), name);
    if (moving.filter(carried::equals).isPresent()) {
      moves.done(rollout.policy(), name);
      moving = Optional.empty();
    }
    boolean isNew = !records.containsKey(name);
    HealthRecord record = records.computeIfAbsent(name, n -> new HealthRecord(carried, now));
    record.carries(carried, now);
    if (node.labels().containsKey(Keys.WARMED_UP)) {
      record.seenWarm();
    }
    List<Symptom> all =
        new ArrayList<>(symptoms.of(node, cluster.reserved(name), state, record.wasWarm()));
    if (carried.equals(rollout.target())) {
      notAcknowledged(spec, node).ifPresent(all::add);
    }
    record.seen(all, now);
    if (isNew) {
      startedAt
          .filter(start -> !node.meta().createdAt().isAfter(start))
          .ifPresentOrElse(record::acceptFrom, record::acceptPresent);
    }
    boolean isUnwell = record.isUnwell() || isCordoned(node);
    return new RolloutNode(
        name,
        node.labels().getOrDefault(spec.spreadBy(), ""),
        rollout.stableFor(node),
        carried,
        moving,
        !state.differs() && state.problem().isEmpty(),
        state.summary().isPresent() && state.freeze().isEmpty() && state.problem().isEmpty(),
        isUnwell,
        record.changedAt(),
        record.health(name, now));
  }

  /** What is wrong with a node before it gets another revision is not the revision's fault. */
  void moved(String node) {
    Optional.ofNullable(records.get(node)).ifPresent(HealthRecord::acceptPresent);
  }

  static boolean isCordoned(NodeView node) {
    return node.taints().stream().anyMatch(t -> t.key().equals("node.kubernetes.io/unschedulable"));
  }

  /** Not healthy until it is acknowledged, and a failure once the time is over. */
  private static Optional<Symptom> notAcknowledged(RolloutSpec spec, NodeView node) {
    String version = node.labels().getOrDefault(Keys.CONFIG_VERSION, "");
    Optional<Duration> within = spec.health().ackWithin();
    if (within.isEmpty()
        || version.isEmpty()
        || version.equals(node.annotations().get(Keys.APPLIED_VERSION))) {
      return Optional.empty();
    }
    return Optional.of(
        new Symptom(
            Symptom.NOT_ACKNOWLEDGED + "/" + version,
            Symptom.NOT_ACKNOWLEDGED,
            "the agent did not acknowledge "
                + version
                + " within "
                + GoDuration.format(within.get()),
            Optional.empty(),
            within));
  }
}
