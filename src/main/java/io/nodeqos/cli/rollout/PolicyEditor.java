// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.write.PolicySpecClient;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Writes a policy with the user's credentials. */
final class PolicyEditor {
  private final PolicySpecClient client;

  private PolicyEditor(PolicySpecClient client) {
    this.client = client;
  }

  static PolicyEditor of(ClusterOptions cluster) {
    // The client sends nothing twice: the second one would be a conflict.
    return new PolicyEditor(
        new PolicySpecClient(
            cluster.clients().read(cluster.requestTimeout()), TimeSource.system()));
  }

  /**
   * Edits the spec.
   *
   * @return the generation of the policy after the edit
   * @throws CommandException when it cannot be written
   */
  long edit(String policy, UnaryOperator<JsonObject> edit, boolean dryRun) {
    try {
      return client.edit(policy, edit, dryRun);
    } catch (IOException e) {
      throw notWritten(policy, e);
    }
  }

  /**
   * Writes a request to the rollout.
   *
   * @param request of the policy as it is now; may throw to give up
   * @throws CommandException when it cannot be written
   */
  void request(String policy, Function<PolicyObject, String> request) {
    try {
      client.request(policy, request);
    } catch (IOException e) {
      throw notWritten(policy, e);
    }
  }

  private static CommandException notWritten(String policy, IOException e) {
    return CommandException.failed(
            "NotWritten",
            "policy " + policy + " is not written: " + ApiRefusal.failureOf(e).message())
        .causedBy(e);
  }
}
