// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.ObjectWatch;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Writes a request to the rollout of a policy. The controller counts a request once: the same one
 * again is only taken for a new one after it was gone.
 */
final class RequestWriter {
  /** A controller that runs has seen a change after a second or two. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final PolicyEditor editor;
  private final ApiEndpoint api;

  private RequestWriter(PolicyEditor editor, ApiEndpoint api) {
    this.editor = editor;
    this.api = api;
  }

  static RequestWriter of(ClusterOptions cluster) {
    return new RequestWriter(
        PolicyEditor.of(cluster), cluster.clients().read(cluster.requestTimeout()));
  }

  /**
   * Writes it.
   *
   * @param check of the policy as it is at the write; throws to give up
   * @throws CommandException when it cannot be written
   */
  void write(RolloutView view, String request, Consumer<PolicyObject> check) {
    String handled = view.present().map(RolloutState::handled).orElse("");
    if (handled.equals(request)) {
      write(view.policy(), "", check);
      awaitForgotten(view.policy(), request);
    }
    write(view.policy(), request, check);
  }

  private void write(String policy, String request, Consumer<PolicyObject> check) {
    editor.request(
        policy,
        now -> {
          check.accept(now);
          return request;
        });
  }

  private void awaitForgotten(String policy, String request) {
    try {
      ObjectWatch.End end =
          new ObjectWatch<>(api, CacheSource.policies().named(policy), TimeSource.system())
              .follow("", PATIENCE, now -> isForgotten(now, request));
      if (end != ObjectWatch.End.SEEN) {
        throw CommandException.failed(
            "NoController",
            "the controller has not seen within "
                + PATIENCE.toSeconds()
                + "s that the former request to policy "
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
