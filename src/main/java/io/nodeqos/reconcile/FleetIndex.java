// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodePhase;
import io.nodeqos.node.NodePlan.Summary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has been decided for each node, and the counts over it. Thread-safe; a single node's state
 * is changed only by the worker that holds its key.
 */
public final class FleetIndex {
  private final Map<String, NodeState> states = new ConcurrentHashMap<>();
  private volatile Instant lastSync = Instant.EPOCH;

  /**
   * Counts of the nodes of one policy.
   *
   * @param matched nodes that the policy selects
   * @param configured nodes that carry the configuration that is wanted
   * @param versions config version to the number of nodes with it
   */
  public record PolicyCounts(
      int matched, int configured, int warm, int waiting, Map<String, Integer> versions) {
    static final PolicyCounts NONE = new PolicyCounts(0, 0, 0, 0, Map.of());
  }

  /** A node that waits, for people: the longest first. */
  public record WaitingNode(String node, Instant since, String reason, String message) {}

  NodeState state(String node) {
    return states.getOrDefault(node, NodeState.NEW);
  }

  void update(String node, UnaryOperator<NodeState> change) {
    states.compute(node, (name, state) -> change.apply(state == null ? NodeState.NEW : state));
  }

  void synced(Instant now) {
    lastSync = now;
  }

  /** When a node was last found to carry, or given, what it should; empty before the first. */
  public Optional<Instant> lastSync() {
    return lastSync.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(lastSync);
  }

  /** Returns what was known of it. */
  NodeState forget(String node) {
    NodeState state = states.remove(node);
    return state == null ? NodeState.NEW : state;
  }

  /** True when the node was decided on and waits for its gates. */
  boolean isBlocked(String node) {
    return state(node).summary().map(s -> s.phase() == NodePhase.WAITING).orElse(true);
  }

  /** Nodes for which the last decision wants a write that has not been made. */
  public Set<String> differing() {
    return states.entrySet().stream()
        .filter(e -> e.getValue().differs())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  public int size() {
    return states.size();
  }

  /** Number of nodes in each phase; every phase is there. */
  public Map<NodePhase, Integer> phases() {
    Map<NodePhase, Integer> counts = new EnumMap<>(NodePhase.class);
    for (NodePhase phase : NodePhase.values()) {
      counts.put(phase, 0);
    }
    summaries().forEach(s -> counts.merge(s.phase(), 1, Integer::sum));
    return counts;
  }

  /** Config versions in force and the number of nodes with each. */
  public Map<String, Integer> configVersions() {
    Map<String, Integer> versions = new HashMap<>();
    summaries()
        .filter(s -> !s.configVersion().isEmpty())
        .forEach(s -> versions.merge(s.configVersion(), 1, Integer::sum));
    return versions;
  }

  /** The nodes that wait for their gates, the longest first. */
  public List<WaitingNode> waiting(int most) {
    List<WaitingNode> waiting = new ArrayList<>();
    states.forEach(
        (node, state) ->
            state
                .summary()
                .filter(s -> s.phase() == NodePhase.WAITING)
                .ifPresent(
                    s ->
                        waiting.add(
                            new WaitingNode(node, state.since(), s.reason(), s.message()))));
    waiting.sort(Comparator.comparing(WaitingNode::since).thenComparing(WaitingNode::node));
    return waiting.size() > most ? List.copyOf(waiting.subList(0, most)) : waiting;
  }

  /** Counts for one policy, O(nodes). */
  public PolicyCounts counts(String policy) {
    int matched = 0;
    int configured = 0;
    int warm = 0;
    int waiting = 0;
    Map<String, Integer> versions = new HashMap<>();
    for (NodeState state : states.values()) {
      Optional<Summary> summary = state.summary().filter(s -> s.matching().contains(policy));
      if (summary.isEmpty()) {
        continue;
      }
      matched++;
      NodePhase phase = summary.get().phase();
      boolean carried = !state.differs() && phase != NodePhase.PENDING && phase != NodePhase.FROZEN;
      configured += carried ? 1 : 0;
      warm += phase == NodePhase.WARM && carried ? 1 : 0;
      waiting += phase == NodePhase.WAITING ? 1 : 0;
      if (carried && !summary.get().configVersion().isEmpty()) {
        versions.merge(summary.get().configVersion(), 1, Integer::sum);
      }
    }
    return new PolicyCounts(matched, configured, warm, waiting, versions);
  }

  private Stream<Summary> summaries() {
    return states.values().stream().flatMap(s -> s.summary().stream());
  }
}
