// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.reconcile.policies.Conditions.Condition;
import java.util.List;

/**
 * The state of a policy in the terms of kstatus, from which Flux and other tools read it. At most
 * one of Reconciling and Stalled is True, and neither with Ready.
 *
 * @param cause the condition that decides it, whose reason and message the others repeat
 */
record Readiness(State state, Condition cause) {
  static final String READY = "Ready";
  static final String RECONCILING = "Reconciling";
  static final String STALLED = "Stalled";

  private enum State {
    READY,
    /** The controller or a kubelet works on it. */
    RECONCILING,
    /** It goes on after a decision that an operator has put off: no failure, so not stalled. */
    HELD,
    /** It does not go on without a repair. */
    STALLED
  }

  static Readiness ready(Condition cause) {
    return new Readiness(State.READY, cause);
  }

  static Readiness reconciling(Condition cause) {
    return new Readiness(State.RECONCILING, cause);
  }

  static Readiness held(Condition cause) {
    return new Readiness(State.HELD, cause);
  }

  static Readiness stalled(Condition cause) {
    return new Readiness(State.STALLED, cause);
  }

  List<Condition> conditions() {
    return List.of(
        new Condition(READY, state == State.READY, cause.reason(), cause.message()),
        abnormal(RECONCILING, State.RECONCILING, "No change of a node is under way."),
        abnormal(STALLED, State.STALLED, "The policy needs no repair."));
  }

  private Condition abnormal(String type, State sign, String otherwise) {
    boolean holds = state == sign;
    return new Condition(type, holds, cause.reason(), holds ? cause.message() : otherwise);
  }
}
