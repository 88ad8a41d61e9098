// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.GateCheck;
import io.nodeqos.gate.GateResult.State;
import io.nodeqos.node.NodeCondition;
import java.util.List;

/**
 * The gates that were released when a node became warm. The message of the condition keeps their
 * names, so that they survive a failover.
 */
record ReleasedGates(List<String> names) {
  private static final String ALL_OPEN = "All gates are open.";
  private static final String SEPARATOR = ", ";

  static ReleasedGates in(String message) {
    return new ReleasedGates(
        message.startsWith(NodeCondition.RELEASED) && message.endsWith(".")
            ? List.of(
                message
                    .substring(NodeCondition.RELEASED.length(), message.length() - 1)
                    .split(SEPARATOR))
            : List.of());
  }

  /**
   * The gates that have not been open since: after it has been open, a gate counts like any other.
   */
  ReleasedGates notYetOpen(List<GateCheck> checks) {
    return new ReleasedGates(
        names.stream()
            .filter(
                name ->
                    checks.stream()
                        .anyMatch(c -> c.name().equals(name) && c.result().state() != State.OPEN))
            .toList());
  }

  /** The message of the condition of a warm node. */
  String message() {
    return names.isEmpty()
        ? ALL_OPEN
        : NodeCondition.RELEASED + String.join(SEPARATOR, names) + ".";
  }
}
