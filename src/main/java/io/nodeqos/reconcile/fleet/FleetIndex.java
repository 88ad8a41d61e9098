// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.reconcile.plan.OrphanTaints;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The last decision for each node, and counts over all nodes. Thread-safe; only the worker that
 * holds its key changes a node's state.
 */
public final class FleetIndex {
  private final Map<String, NodeState> states = new ConcurrentHashMap<>();
  private final NodeGroups groups = new NodeGroups();
  private volatile Instant lastSync = Instant.EPOCH;

  /**
   * A node that waits or is pending, for display.
   *
   * @param frozen it waits because it is frozen
   */
  public record WaitingNode(
      String node, Instant since, String reason, String message, boolean frozen) {}

  public NodeState state(String node) {
    return states.getOrDefault(node, NodeState.NEW);
  }

  public void update(String node, UnaryOperator<NodeState> change) {
    states.compute(
        node,
        (name, before) -> {
          NodeState now = change.apply(before == null ? NodeState.NEW : before);
          if (before == null) {
            groups.added(now);
          } else {
            groups.changed(before, now);
          }
          return now;
        });
  }

  /** The cache must reach this version before the node is decided again. */
  public void await(NodeView.Meta version, long writtenNanos) {
    NodeState.Awaited awaited = new NodeState.Awaited(version.resourceVersion(), writtenNanos);
    update(version.name(), s -> s.withAwaited(Optional.of(awaited)));
  }

  public void synced(Instant now) {
    lastSync = now;
  }

  /** When a node was last found or made up to date; empty before the first. */
  public Optional<Instant> lastSync() {
    return lastSync.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(lastSync);
  }

  /** Returns the last known state of the node. */
  public NodeState forget(String node) {
    NodeState state = states.remove(node);
    if (state == null) {
      return NodeState.NEW;
    }
    groups.removed(state);
    return state;
  }

  /** True when the node is new to this process, reports no capacity yet or waits for its gates. */
  public boolean isBlocked(String node) {
    NodeState state = state(node);
    return state.phase().isEmpty()
        || state.isIn(NodePhase.PENDING)
        || state.isIn(NodePhase.WAITING);
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

  /** See {@link NodeGroups#counts}. */
  Optional<PolicyCounts> counts(String policy, long since) {
    return groups.counts(policy, since);
  }

  /** Number of nodes in each phase; every phase is there. */
  public Map<NodePhase, Integer> phases() {
    Map<NodePhase, Integer> counts = new EnumMap<>(NodePhase.class);
    for (NodePhase phase : NodePhase.values()) {
      counts.put(phase, 0);
    }
    states.values().stream()
        .flatMap(s -> s.phase().stream())
        .forEach(phase -> counts.merge(phase, 1, Integer::sum));
    return counts;
  }

  /** Config versions and the number of nodes with each, without nodes that wait for a write. */
  public Map<String, Integer> configVersions() {
    Map<String, Integer> versions = new HashMap<>();
    states.values().stream()
        .filter(s -> !s.differs())
        .flatMap(s -> s.summary().stream())
        .filter(s -> !s.configVersion().isEmpty())
        .forEach(s -> versions.merge(s.configVersion(), 1, Integer::sum));
    return versions;
  }

  /** The nodes that wait for their gates or are frozen while they wait, the longest first. */
  public List<WaitingNode> waiting(int most) {
    return nodesIn(NodePhase.WAITING, most);
  }

  /** The pending nodes, the longest first. */
  public List<WaitingNode> pending(int most) {
    return nodesIn(NodePhase.PENDING, most);
  }

  private List<WaitingNode> nodesIn(NodePhase phase, int most) {
    List<WaitingNode> waiting = new ArrayList<>();
    states.forEach(
        (node, state) ->
            state
                .summary()
                .filter(s -> state.isIn(phase))
                .ifPresent(
                    s ->
                        waiting.add(
                            new WaitingNode(
                                node,
                                state.since(),
                                state.problem().isEmpty()
                                    ? s.reason()
                                    : Reason.WRITE_REFUSED.code(),
                                state.problem().isEmpty() ? s.message() : state.problem(),
                                s.freeze().isPresent()))));
    waiting.sort(Comparator.comparing(WaitingNode::since).thenComparing(WaitingNode::node));
    return waiting.size() > most ? List.copyOf(waiting.subList(0, most)) : waiting;
  }

  /** A node with startup taints that no policy will remove. */
  public record OrphanNode(String node, Instant since, List<String> taints) {}

  /** The nodes that have had orphan taints for longer than the grace period, the longest first. */
  public List<OrphanNode> orphans(int most) {
    return states.entrySet().stream()
        .filter(e -> e.getValue().notes().orphans().reported())
        .map(
            e ->
                new OrphanNode(
                    e.getKey(),
                    e.getValue().notes().orphans().since(),
                    e.getValue().notes().orphans().taints()))
        .sorted(Comparator.comparing(OrphanNode::since).thenComparing(OrphanNode::node))
        .limit(most)
        .toList();
  }

  /** The number of startup taints that no policy will remove. */
  public int orphanTaints() {
    return states.values().stream()
        .map(s -> s.notes().orphans())
        .filter(OrphanTaints::reported)
        .mapToInt(orphans -> orphans.taints().size())
        .sum();
  }

  /** Frozen nodes by cause, and how many of them are in each phase. */
  public SortedMap<Freeze, Map<NodePhase, Integer>> frozen() {
    SortedMap<Freeze, Map<NodePhase, Integer>> frozen = new TreeMap<>();
    for (NodeState state : states.values()) {
      if (state.freeze().isPresent() && state.phase().isPresent()) {
        frozen
            .computeIfAbsent(state.freeze().get().regardless(), f -> new EnumMap<>(NodePhase.class))
            .merge(state.phase().get(), 1, Integer::sum);
      }
    }
    return frozen;
  }
}
