// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.CommandException;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.ObjectWatch;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;

/** The request to try a revision again. */
final class Retry {
  /** A controller that runs has seen a change after a second or two. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final PolicyEditor editor;
  private final ApiEndpoint api;
  private final TimeSource time;

  Retry(PolicyEditor editor, ApiEndpoint api, TimeSource time) {
    this.editor = editor;
    this.api = api;
    this.time = time;
  }

  /**
   * Writes the request. One that was made before counts no more: it is removed first, so that the
   * controller takes the same one for a new one.
   *
   * @return false when it is asked for already
   * @throws CommandException when the revision was not rolled back
   */
  boolean ask(RolloutView view) {
    RolloutState state = rolledBack(view);
    if (view.isRetried(state)) {
      return false;
    }
    String request = RolloutRequest.retry(view.target()).text();
    if (state.handled().equals(request)) {
      editor.request(view.policy(), now -> checked(view, now, ""));
      awaitForgotten(view.policy(), request);
    }
    editor.request(view.policy(), now -> checked(view, now, request));
    return true;
  }

  private static RolloutState rolledBack(RolloutView view) {
    RolloutState state =
        view.present()
            .orElseThrow(
                () ->
                    notBack(
                        view,
                        view.strategy().isEmpty()
                            ? "it has no spec.rollout"
                            : "the controller has not begun with its present generation"));
    if (state.phase() != RolloutPhase.ROLLED_BACK) {
      throw notBack(
          view,
          state.phase() == RolloutPhase.ROLLING_BACK
              ? "not all nodes are back yet"
              : "its revision " + view.target() + " was not rolled back");
    }
    return state;
  }

  private static CommandException notBack(RolloutView view, String why) {
    return CommandException.failed(
        "NotRolledBack", "policy " + view.policy() + " has nothing to retry: " + why);
  }

  private static String checked(RolloutView shown, PolicyObject now, String request) {
    RolloutView present = RolloutView.of(PolicyVersions.of(now, shown.versions().revisions()));
    if (!present.target().equals(shown.target())) {
      throw CommandException.failed(
          "TargetChanged",
          "the target of policy "
              + shown.policy()
              + " has changed from revision "
              + shown.target()
              + " to "
              + present.target()
              + ", which needs no retry");
    }
    rolledBack(present);
    return request;
  }

  private void awaitForgotten(String policy, String request) {
    try {
      ObjectWatch.End end =
          new ObjectWatch<>(api, CacheSource.policies().named(policy), time)
              .follow(PATIENCE, now -> isForgotten(now, request));
      if (end != ObjectWatch.End.SEEN) {
        throw CommandException.failed(
            "NoController",
            "the controller has not seen within "
                + PATIENCE.toSeconds()
                + "s that the former retry of policy "
                + policy
                + " is gone; is a leader running? Then ask again");
      }
    } catch (IOException e) {
      throw CommandException.failed(
              "ClusterNotReadable",
              "policy " + policy + " cannot be watched: " + ApiRefusal.failureOf(e).message())
          .causedBy(e);
    }
  }

  private static boolean isForgotten(PolicyObject policy, String request) {
    return RolloutJson.in(policy.status()).filter(s -> s.handled().equals(request)).isEmpty();
  }
}
