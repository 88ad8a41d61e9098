// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nodeqos rollout pause}: no node gets another revision until it is resumed. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = {
      "Sets spec.rollout.paused of a policy, as your own edit: no node gets another revision.",
      "",
      "Shows which nodes carry the target revision already: they keep it. A tool that keeps the"
          + " policy in step with Git writes its own version back."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The policy is paused, or was already.",
      ExitCodes.FAILED
          + ":There is no such policy, it has no spec.rollout, or the API server refuses the edit.",
      ExitCodes.BAD_INPUT_LINE
    })
final class RolloutPauseCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "POLICY", description = "The policy.")
  private String policy;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    return new PausedField(cluster, output).set(policy, true);
  }
}
