// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.CommandException;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutState;

/**
 * The request to try a revision again that was rolled back.
 *
 * @param state as it was read
 */
record Retry(RolloutView view, RolloutState state) {

  /**
   * Of the target.
   *
   * @throws CommandException when it was not rolled back
   */
  static Retry of(RolloutView view) {
    RolloutState state =
        view.present()
            .orElseThrow(
                () ->
                    nothing(
                        view,
                        view.strategy().isEmpty()
                            ? "it has no spec.rollout"
                            : "the controller has not begun with its present generation"));
    return switch (state.phase()) {
      case ROLLED_BACK -> new Retry(view, state);
      case ROLLING_BACK -> throw nothing(view, "not all nodes are back yet");
      case COMPLETE -> throw nothing(view, "all nodes carry its revision " + view.target());
      default -> throw nothing(view, "its revision " + view.target() + " is being rolled out");
    };
  }

  private static CommandException nothing(RolloutView view, String why) {
    return CommandException.failed(
        "NotRolledBack", "policy " + view.policy() + " has nothing to retry: " + why);
  }

  /** True when it was asked for, and the controller has not seen it yet. */
  boolean isMade() {
    return view.isRetried(state);
  }

  /** The annotation. */
  String request() {
    return RolloutRequest.retry(view.target()).text();
  }

  /**
   * Checks that it is still about the same revision.
   *
   * @param now the policy as it is at the write
   * @throws CommandException when its target is another one, or no longer rolled back
   */
  void check(PolicyObject now) {
    of(view.atWrite(now, ", which needs no retry"));
  }
}
