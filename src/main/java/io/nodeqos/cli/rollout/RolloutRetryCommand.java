// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nodeqos rollout retry}: tries a revision again that was rolled back. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = {
      "Starts the rollout of a revision again that was rolled back, from the first step.",
      "",
      "Writes the annotation nodeqos.io/rollout of the policy. A changed policy needs no retry: its"
          + " revision is another one."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The retry is asked for, or was already.",
      ExitCodes.FAILED
          + ":There is no such policy, it was not rolled back, or the API server refuses the edit.",
      ExitCodes.BAD_INPUT_LINE
    })
final class RolloutRetryCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "POLICY", description = "The policy.")
  private String policy;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    RolloutView view = RolloutView.of(VersionsReader.of(cluster).read(policy));
    Retry retry = Retry.of(view);
    boolean changed = !retry.isMade();
    if (changed) {
      RequestWriter.of(cluster).write(view, retry.request(), retry::check);
    }
    output.print(
        "RolloutRetry",
        () -> body(view, changed),
        format ->
            List.of(
                changed
                    ? "policy " + policy + ": revision " + view.target() + " is tried again"
                    : "policy "
                        + policy
                        + ": a retry of revision "
                        + view.target()
                        + " is asked for already. Nothing was written."));
    return ExitCodes.DONE;
  }

  private static JsonObject body(RolloutView view, boolean changed) {
    JsonObject body = new JsonObject();
    body.addProperty("policy", view.policy());
    body.addProperty("revision", view.target());
    body.addProperty("changed", changed);
    return body;
  }
}
