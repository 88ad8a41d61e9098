// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.fleet;

import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** All nodes with the last decision about each. Thread-safe. */
public interface Fleet {
  /** Of a node about which this process has not decided yet. */
  Summary NOT_DECIDED =
      Summary.of(NodePhase.PENDING)
          .because("NotDecided", "This replica has not decided about it yet.");

  /**
   * One node.
   *
   * @param decided {@link #NOT_DECIDED} before the first decision
   * @param since when it came into its phase, by the clock of decisions; empty when not known
   */
  record Member(
      NodeView node,
      NodePhase phase,
      Summary decided,
      NodeMemory memory,
      Optional<Instant> since) {}

  Stream<Member> members();

  /** The objects of one node. */
  ReservedState reserved(String node);
}
