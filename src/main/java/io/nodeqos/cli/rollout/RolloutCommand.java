// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.cli.command.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nodeqos rollout}: only shows the usage of its commands. */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    subcommands = {
      RolloutStatusCommand.class,
      RolloutHistoryCommand.class,
      RolloutPauseCommand.class,
      RolloutResumeCommand.class,
      RolloutPromoteCommand.class,
      RolloutRetryCommand.class,
      RolloutUndoCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows how far a change of a policy has come, stops it, lets it go on, and goes back.",
      "",
      "The controller records each valid version of a policy as a ControllerRevision in its own"
          + " namespace, and keeps the last five."
    })
public final class RolloutCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCodes.BAD_INPUT;
  }
}
