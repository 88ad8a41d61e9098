// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.plan.Freeze;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts of the nodes of one policy: of what they carry, whether or not they may change.
 *
 * @param versions config version to the number of configured nodes with it
 * @param deadlocks of waiting nodes
 */
public record PolicyCounts(
    Nodes nodes,
    Map<String, Integer> versions,
    Deadlocks deadlocks,
    Frozen frozen,
    PullFailures pulls) {
  public static final PolicyCounts NONE = of(new Nodes(0, 0, 0, 0, 0, 0), Map.of());

  /** Of nodes that all may change, and of which none has any trouble. */
  public static PolicyCounts of(Nodes nodes, Map<String, Integer> versions) {
    return new PolicyCounts(nodes, versions, Deadlocks.NONE, Frozen.NONE, PullFailures.NONE);
  }

  /**
   * The nodes by what they carry.
   *
   * @param matched nodes that the policy selects
   * @param configured nodes that carry all that was decided with the policy as it is now
   * @param done configured ones that wait for nothing
   * @param unseen matched ones that were not decided with the policy as it is now
   */
  public record Nodes(int matched, int configured, int done, int warm, int waiting, int unseen) {}

  /** How many nodes wait for pods that the startup taint keeps off, and for those of whom. */
  public record Deadlocks(int nodes, SortedSet<String> daemonSets) {
    static final Deadlocks NONE = new Deadlocks(0, Collections.emptySortedSet());
  }

  /**
   * The nodes that are kept as they are; one that is being deleted only if it is not done.
   *
   * @param nodes how many; the others are those of them that carry this
   * @param by how many for which cause
   */
  public record Frozen(
      int nodes, int configured, int warm, int waiting, SortedMap<Freeze, Integer> by) {
    public static final Frozen NONE = new Frozen(0, 0, 0, 0, Collections.emptySortedMap());
  }

  /** How many nodes cannot pull the policy's images, and the first of them by name. */
  public record PullFailures(int nodes, String node, Optional<PullFailure> first) {
    public static final PullFailures NONE = new PullFailures(0, "", Optional.empty());
  }

  /** Nodes that do not carry what they should and may change. */
  public int left() {
    return nodes.matched - nodes.configured - (frozen.nodes - frozen.configured);
  }

  /** Nodes that wait for their gates and may change. */
  public int waiting() {
    return nodes.waiting - frozen.waiting;
  }

  public boolean allDone() {
    return nodes.done == nodes.matched;
  }

  /** Counts node by node; not thread-safe. */
  public static final class Sum {
    private final SortedMap<Freeze, Integer> by = new TreeMap<>();
    private final SortedSet<String> daemonSets = new TreeSet<>();
    private final Map<String, Integer> versions = new TreeMap<>();
    private Nodes nodes = NONE.nodes;
    private Frozen frozen = Frozen.NONE;
    private int deadlocked;
    private PullFailures pulls = PullFailures.NONE;

    /**
     * Adds a node.
     *
     * @param seen it was decided with the policy as it is now
     */
    public void add(NodeCount node, boolean seen) {
      boolean configured = seen && node.configured();
      boolean done = configured && !node.waiting();
      nodes =
          new Nodes(
              nodes.matched + 1,
              nodes.configured + one(configured),
              nodes.done + one(done),
              nodes.warm + one(node.warm()),
              nodes.waiting + one(node.waiting()),
              nodes.unseen + one(!seen));
      if (configured && !node.version().isEmpty()) {
        versions.merge(node.version(), 1, Integer::sum);
      }
      deadlocked += one(!node.deadlocks().isEmpty());
      daemonSets.addAll(node.deadlocks());
      node.freeze()
          .filter(freeze -> seen && !(done && freeze.cause() == Freeze.Cause.DELETING))
          .ifPresent(freeze -> addFrozen(freeze, node, configured));
    }

    private void addFrozen(Freeze freeze, NodeCount node, boolean configured) {
      by.merge(freeze.regardless(), 1, Integer::sum);
      frozen =
          new Frozen(
              frozen.nodes + 1,
              frozen.configured + one(configured),
              frozen.warm + one(node.warm()),
              frozen.waiting + one(node.waiting()),
              frozen.by);
    }

    public void addPullFailure(String node, PullFailure failure) {
      boolean isFirst = pulls.nodes == 0 || node.compareTo(pulls.node) < 0;
      pulls =
          new PullFailures(
              pulls.nodes + 1,
              isFirst ? node : pulls.node,
              isFirst ? Optional.of(failure) : pulls.first);
    }

    public PolicyCounts counts() {
      return new PolicyCounts(
          nodes,
          Collections.unmodifiableMap(versions),
          new Deadlocks(deadlocked, Collections.unmodifiableSortedSet(daemonSets)),
          new Frozen(
              frozen.nodes,
              frozen.configured,
              frozen.warm,
              frozen.waiting,
              Collections.unmodifiableSortedMap(by)),
          pulls);
    }

    private static int one(boolean counts) {
      return counts ? 1 : 0;
    }
  }
}
