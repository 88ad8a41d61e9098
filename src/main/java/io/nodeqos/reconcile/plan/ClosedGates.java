// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.GateCheck;
import io.nodeqos.gate.GateResult.State;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.spec.GateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The gates of a warm node in mode Continuous that are closed by evidence, and since when each of
 * them has been closed without a break. A pure function of the remembered state and the present
 * answers of the gates.
 *
 * <p>No evidence, besides a gate with an unknown answer, is:
 *
 * <ul>
 *   <li>any answer while the node's condition Ready is neither True nor False: the node lifecycle
 *       controller sets Unknown when the kubelet has not reported. The status on the API server is
 *       old then (pods are set to not Ready with it), and the node is tainted with {@code
 *       node.kubernetes.io/unreachable} already;
 *   <li>a gate of a kind that does not close again (see {@link GateKind}).
 * </ul>
 *
 * <p>A gate that was released when the node became warm counts only after it has been open.
 */
record ClosedGates(Map<String, Instant> since) {
  private static final Set<String> KNOWN_READY_STATUSES =
      Set.of(NodeCondition.TRUE, NodeCondition.FALSE);

  static ClosedGates next(
      Map<String, Instant> before,
      NodeView node,
      List<GateCheck> checks,
      List<String> released,
      Instant now) {
    Map<String, Instant> since = new HashMap<>();
    boolean heardOf =
        node.condition("Ready")
            .map(NodeCondition::status)
            .filter(KNOWN_READY_STATUSES::contains)
            .isPresent();
    for (GateCheck check : checks) {
      if (heardOf && isClosed(check) && !released.contains(check.name())) {
        since.put(check.name(), before.getOrDefault(check.name(), now));
      }
    }
    return new ClosedGates(Map.copyOf(since));
  }

  private static boolean isClosed(GateCheck check) {
    return !check.open() && check.result().state() == State.WAITING && check.kind().closesAgain();
  }

  /** When the node loses its mark if nothing changes; empty while no gate is closed. */
  Optional<Instant> dueAt(Duration stableFor) {
    return since.values().stream().min(Comparator.naturalOrder()).map(at -> at.plus(stableFor));
  }
}
