// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.Reason;
import java.util.List;
import java.util.Optional;

/**
 * The answer of one gate for one node.
 *
 * @param reason why it is not open; {@link Reason#WARMED_UP} when it is
 * @param blockers the causes it waits for; empty only when open
 * @param evidence since when it is open, if the cluster records it
 */
public record GateResult(
    State state, Reason reason, List<Blocker> blockers, Optional<Evidence> evidence) {
  /** How sure the answer is. */
  public enum State {
    OPEN,
    /** Not open, by evidence. */
    WAITING,
    /** Unknown: the node keeps waiting, but loses nothing. */
    UNKNOWN
  }

  public static final GateResult OPEN = open(Optional.empty());

  public GateResult {
    blockers = List.copyOf(blockers);
  }

  static GateResult open(Optional<Evidence> evidence) {
    return new GateResult(State.OPEN, Reason.WARMED_UP, List.of(), evidence);
  }

  /** Open if there is no blocker. */
  static GateResult waiting(Reason reason, List<Blocker> blockers) {
    return blockers.isEmpty()
        ? OPEN
        : new GateResult(State.WAITING, reason, blockers, Optional.empty());
  }

  static GateResult unknown(Reason reason, Blocker blocker) {
    return unknown(reason, List.of(blocker));
  }

  static GateResult unknown(Reason reason, List<Blocker> blockers) {
    return new GateResult(State.UNKNOWN, reason, blockers, Optional.empty());
  }
}
