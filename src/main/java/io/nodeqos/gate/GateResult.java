// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.Reason;
import java.util.List;

/**
 * What one gate says of one node.
 *
 * @param reason why it is not open; {@link Reason#WARMED_UP} when it is
 * @param blockers what it waits for; empty only when open
 */
public record GateResult(State state, Reason reason, List<Blocker> blockers) {
  /** How sure the answer is. */
  public enum State {
    OPEN,
    /** Not open, by evidence. */
    WAITING,
    /** It cannot be told: hold, but take nothing away. */
    UNKNOWN
  }

  public static final GateResult OPEN = new GateResult(State.OPEN, Reason.WARMED_UP, List.of());

  public GateResult {
    blockers = List.copyOf(blockers);
  }

  static GateResult waiting(Reason reason, List<Blocker> blockers) {
    return blockers.isEmpty() ? OPEN : new GateResult(State.WAITING, reason, blockers);
  }

  static GateResult unknown(Reason reason, Blocker blocker) {
    return new GateResult(State.UNKNOWN, reason, List.of(blocker));
  }
}
