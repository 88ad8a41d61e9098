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
 * Counts of the nodes of one policy by their present state, frozen nodes included.
 *
 * @param versions config version to the number of nodes that are up to date with it, also with that
 *     of an earlier revision
 * @param deadlocks deadlocks of waiting nodes
 */
public record PolicyCounts(
    Nodes nodes,
    Map<String, Integer> versions,
    Deadlocks deadlocks,
    Frozen frozen,
    PullFailures pulls) {
  public static final PolicyCounts NONE = of(new Nodes(0, 0, 0, 0, 0, 0), Map.of());

  /** Counts without frozen nodes, deadlocks and failed pulls. */
  public static PolicyCounts of(Nodes nodes, Map<String, Integer> versions) {
    return new PolicyCounts(nodes, versions, Deadlocks.NONE, Frozen.NONE, PullFailures.NONE);
  }

  /**
   * The nodes by their present state.
   *
   * @param matched nodes that the policy selects
   * @param configured nodes that follow the present version of the policy, and are up to date with
   *     a decision for it
   * @param done configured nodes that wait for nothing
   * @param unseen matched nodes without a decision for the present version of the policy
   */
  public record Nodes(int matched, int configured, int done, int warm, int waiting, int unseen) {}

  /**
   * The number of nodes that wait for pods that the startup taint keeps off, and the DaemonSets of
   * these pods.
   */
  public record Deadlocks(int nodes, SortedSet<String> daemonSets) {
    static final Deadlocks NONE = new Deadlocks(0, Collections.emptySortedSet());
  }

  /**
   * The frozen nodes; a node that is being deleted counts only if it is not done.
   *
   * @param nodes the number of frozen nodes; the other counts are subsets of it
   * @param by number of nodes by cause
   */
  public record Frozen(
      int nodes, int configured, int warm, int waiting, SortedMap<Freeze, Integer> by) {
    public static final Frozen NONE = new Frozen(0, 0, 0, 0, Collections.emptySortedMap());
  }

  /** How many nodes cannot pull the policy's images, and the first of them by name. */
  public record PullFailures(int nodes, String node, Optional<PullFailure> first) {
    public static final PullFailures NONE = new PullFailures(0, "", Optional.empty());
  }

  /** Nodes that are not up to date and not frozen. */
  public int left() {
    return nodes.matched - nodes.configured - (frozen.nodes - frozen.configured);
  }

  /** Nodes that wait for their gates and are not frozen. */
  public int waiting() {
    return nodes.waiting - frozen.waiting;
  }

  public boolean allDone() {
    return nodes.done == nodes.matched;
  }

  /** Adds up; not thread-safe. */
  public static final class Sum {
    private final SortedMap<Freeze, Integer> by = new TreeMap<>();
    private final SortedSet<String> daemonSets = new TreeSet<>();
    private final Map<String, Integer> versions = new TreeMap<>();
    private Nodes nodes = NONE.nodes;
    private Frozen frozen = Frozen.NONE;
    private int deadlocked;
    private PullFailures pulls = PullFailures.NONE;

    /** Adds one node, see {@link #add(int, NodeCount, boolean, boolean)}. */
    public void add(NodeCount node, boolean seen, boolean follows) {
      add(1, node, seen, follows);
    }

    /**
     * Adds nodes that count alike.
     *
     * @param node one of them
     * @param seen the last decision was made with the present version of the policy
     * @param follows they follow the present version, no earlier revision
     */
    void add(int times, NodeCount node, boolean seen, boolean follows) {
      boolean upToDate = seen && node.configured();
      boolean configured = upToDate && follows;
      boolean done = configured && !node.waiting();
      nodes =
          new Nodes(
              nodes.matched + times,
              nodes.configured + (configured ? times : 0),
              nodes.done + (done ? times : 0),
              nodes.warm + (node.warm() ? times : 0),
              nodes.waiting + (node.waiting() ? times : 0),
              nodes.unseen + (seen ? 0 : times));
      if (upToDate && !node.version().isEmpty()) {
        versions.merge(node.version(), times, Integer::sum);
      }
      deadlocked += node.deadlocks().isEmpty() ? 0 : times;
      daemonSets.addAll(node.deadlocks());
      node.freeze()
          .filter(freeze -> seen && !(done && freeze.cause() == Freeze.Cause.DELETING))
          .ifPresent(freeze -> addFrozen(times, freeze, node, configured));
    }

    private void addFrozen(int times, Freeze freeze, NodeCount node, boolean configured) {
      by.merge(freeze.regardless(), times, Integer::sum);
      frozen =
          new Frozen(
              frozen.nodes + times,
              frozen.configured + (configured ? times : 0),
              frozen.warm + (node.warm() ? times : 0),
              frozen.waiting + (node.waiting() ? times : 0),
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
  }
}
