// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.reconcile.NodeForgetter;
import io.nodeqos.reconcile.SyncResult;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes that wait while every reconcile ends without a decision. A decision about any node ends
 * the stall: this process works, and a single node reports its own cause. Thread-safe.
 */
public final class Undecided implements NodeForgetter {
  /** Results with a cause in this process. */
  private static final Set<SyncResult> PROCESS_RESULTS =
      Set.of(SyncResult.NOT_SYNCED, SyncResult.CACHE_BEHIND, SyncResult.THROTTLED);

  /** Results whose cause can be at one node: another writer, or a missing reply. */
  private static final Set<SyncResult> NODE_RESULTS = Set.of(SyncResult.DAMPED, SyncResult.RETRY);

  /**
   * With fewer nodes, another writer of one node could make one leader after the other step down.
   */
  private static final int MIN_RETRIES = 3;

  private final Map<String, SyncResult> results = new HashMap<>();
  private long sinceNanos;

  /**
   * No reconcile reaches a decision.
   *
   * @param lasting time since the first reconcile without a decision
   * @param nodes number of nodes that wait for a decision
   * @param result the result of most of them
   */
  public record Stall(Duration lasting, int nodes, SyncResult result) {
    /** A clause for the log and the probe. */
    public String clause() {
      return "no reconcile has reached a decision for "
          + lasting.toSeconds()
          + "s, and "
          + nodes
          + (nodes == 1 ? " node waits" : " nodes wait")
          + " (result="
          + result.code()
          + ")";
    }
  }

  /** A reconcile of this node has ended. */
  public synchronized void ended(String node, SyncResult result, long nanos) {
    if (!PROCESS_RESULTS.contains(result) && !NODE_RESULTS.contains(result)) {
      results.clear();
      return;
    }
    if (results.isEmpty()) {
      sinceNanos = nanos;
    }
    results.put(node, result);
  }

  @Override
  public synchronized void forget(String node, Instant now) {
    results.remove(node);
  }

  /**
   * Empty while reconciles reach decisions, or no reconcile runs.
   *
   * @param fleet the number of nodes: results with a cause at one node count when they concern half
   *     of all nodes
   */
  public synchronized Optional<Stall> stall(int fleet, long nanos) {
    Map<SyncResult, Integer> counts = new HashMap<>();
    results.values().forEach(result -> counts.merge(result, 1, Integer::sum));
    boolean counted =
        counts.keySet().stream().anyMatch(PROCESS_RESULTS::contains)
            || results.size() >= MIN_RETRIES && 2 * results.size() >= fleet;
    return counts.entrySet().stream()
        .filter(count -> counted)
        .max(
            Map.Entry.<SyncResult, Integer>comparingByValue()
                .thenComparing(count -> count.getKey().code()))
        .map(
            most -> new Stall(Duration.ofNanos(nanos - sinceNanos), results.size(), most.getKey()));
  }
}
