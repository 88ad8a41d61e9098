// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.fleet;

import io.nodeqos.gate.Gates.Verdict;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.plan.Observation;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs and the result of a decision about a node.
 *
 * @param seen completed
 * @param config with the sections of plug-ins that the node carries
 * @param gates their answers; empty when no policy warms the node up
 * @param policies all known policies by name
 */
public record NodeFacts(
    Observation seen,
    CompiledConfig config,
    Decided decided,
    Optional<Verdict> gates,
    Map<String, PolicyCatalog.Entry> policies) {

  /**
   * A decision.
   *
   * @param since when the node came into its phase, by the wall clock; empty when not known
   * @param problem why the API server refuses the update; empty when it does not
   */
  public record Decided(
      Summary summary, NodePhase phase, Optional<Instant> since, String problem) {}

  public NodeFacts {
    policies = Map.copyOf(policies);
  }

  public NodeView node() {
    return seen.node();
  }

  /** The time by the wall clock. */
  public Instant at() {
    return wall(seen.now());
  }

  /**
   * The start of a wait of the memory, by the wall clock; empty for one that starts with this
   * question, as its true start is not known then.
   */
  public Optional<Instant> since(Instant steady) {
    return Optional.of(wall(steady)).filter(start -> start.isBefore(at().minusMillis(1)));
  }

  /** A time of the memory, by the wall clock. */
  public Instant wall(Instant steady) {
    return TimeSource.wallTime(steady, seen.wallAhead());
  }
}
