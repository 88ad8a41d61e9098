// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutState;

/**
 * The promotion of the steps up to one.
 *
 * @param state as it was read, and shown to the person
 * @param step counts from 1
 * @param nodes how many nodes may carry the target revision then
 */
record Promotion(RolloutView view, RolloutState state, int step, int nodes) {

  /**
   * Of the present step, or of all.
   *
   * @throws CommandException when there is nothing to promote
   */
  static Promotion of(RolloutView view, boolean full) {
    RolloutSpec strategy =
        view.strategy()
            .orElseThrow(
                () ->
                    nothing(
                        view,
                        view.problem()
                            .map(p -> "its present generation is not valid: " + p)
                            .orElse(
                                "it has no spec.rollout, and a change reaches all nodes at once")));
    RolloutState state =
        view.present()
            .orElseThrow(
                () -> nothing(view, "the controller has not begun with its present generation"));
    switch (state.phase()) {
      case COMPLETE -> throw nothing(view, "all nodes carry its revision " + view.target());
      case ROLLING_BACK, ROLLED_BACK ->
          throw nothing(
              view,
              "revision "
                  + view.target()
                  + (state.phase().isUnderWay() ? " is being rolled back" : " was rolled back"));
      default -> {}
    }
    int present = state.progress().step();
    int step = full ? strategy.steps().size() : present;
    int reached = full ? step : present + 1;
    return new Promotion(
        view, state, step, strategy.step(reached).nodes().ceilingOf(state.counts().nodes()));
  }

  private static CommandException nothing(RolloutView view, String why) {
    return CommandException.failed(
        "NothingToPromote", "policy " + view.policy() + " has nothing to promote: " + why);
  }

  /** True when it was asked for already. */
  boolean isMade() {
    return view.promotedStep(state) >= step;
  }

  /** The annotation. */
  String request() {
    return RolloutRequest.promote(view.target(), step).text();
  }

  String question() {
    return "Promote "
        + steps()
        + " of policy "
        + view.policy()
        + "? Then up to "
        + nodes
        + " of "
        + state.counts().nodes()
        + " nodes get revision "
        + view.target()
        + ".";
  }

  private String steps() {
    int present = state.progress().step();
    return step > present ? "steps " + present + " to " + step : "step " + step;
  }

  /**
   * Checks that it is still about what was shown.
   *
   * @param now the policy as it is at the write
   * @throws CommandException when its target is another one
   */
  void check(PolicyObject now) {
    RolloutView present =
        view.atWrite(now, "; look at 'nodeqos rollout status " + view.policy() + "' again");
    if (present.present().filter(s -> !s.phase().isBack()).isEmpty()) {
      throw nothing(present, "revision " + view.target() + " is no longer being rolled out");
    }
  }

  JsonObject body(boolean changed) {
    JsonObject body = new JsonObject();
    body.addProperty("policy", view.policy());
    body.addProperty("revision", view.target());
    body.addProperty("step", step);
    body.addProperty("changed", changed);
    return body;
  }

  String sentence(boolean changed) {
    return "policy "
        + view.policy()
        + ": "
        + steps()
        + (step > state.progress().step() ? " are" : " is")
        + " promoted"
        + (changed ? " for revision " + view.target() : " already. Nothing was written.");
  }
}
