// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.Blocker;
import io.nodeqos.gate.GateResult.State;
import io.nodeqos.gate.Gates.Verdict;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.Reason;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.policy.spec.WarmUp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The blockers of a node, as the condition reports them. */
record Waiting(
    String status,
    Reason reason,
    String message,
    List<String> deadlocks,
    Optional<Instant> checkAgainAt) {
  private static final int MAX_MESSAGE = 8 * 1024;

  static Waiting forGates(Verdict verdict) {
    return new Waiting(
        verdict.state() == State.WAITING ? NodeCondition.FALSE : NodeCondition.UNKNOWN,
        verdict.reason(),
        sentence(verdict.blockers()),
        GateDeadlock.of(verdict.blockers()),
        verdict.nextTimeout());
  }

  static Waiting forCalm(WarmUp warmUp, Instant stableAt) {
    return new Waiting(
        NodeCondition.FALSE,
        Reason.STABILIZING,
        "All gates are open and must stay open for " + GoDuration.format(warmUp.stableFor()) + ".",
        List.of(),
        Optional.of(stableAt));
  }

  /** Only time and the answers of the gates change it. */
  static Waiting because(Reason reason, String message) {
    return new Waiting(NodeCondition.FALSE, reason, message, List.of(), Optional.empty());
  }

  private static String sentence(List<Blocker> blockers) {
    String text =
        "The warm-up has "
            + blockers.size()
            + (blockers.size() == 1 ? " blocker: " : " blockers: ")
            + blockers.stream().map(Blocker::text).collect(Collectors.joining("; "))
            + ".";
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 1) + "…";
  }
}
