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

/** {@code nodeqos rollout resume}: the rollout goes on where it was paused. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {
      "Removes spec.rollout.paused of a policy, as your own edit: the rollout goes on.",
      "",
      "A pause of a step ends by 'nodeqos rollout promote'."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The policy is not paused any more, or was not.",
      ExitCodes.FAILED
          + ":There is no such policy, it has no spec.rollout, or the API server refuses the edit.",
      ExitCodes.BAD_INPUT_LINE
    })
final class RolloutResumeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "POLICY", description = "The policy.")
  private String policy;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    return new PausedField(cluster, output).set(policy, false);
  }
}
