// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.Mistakes;
import io.nodeqos.cli.command.StandardOutput;
import io.nodeqos.cli.command.VersionLine;
import io.nodeqos.cli.dump.DumpCommand;
import io.nodeqos.cli.explain.ExplainCommand;
import io.nodeqos.cli.plan.PlanCommand;
import io.nodeqos.cli.rollout.RolloutCommand;
import io.nodeqos.cli.status.StatusCommand;
import io.nodeqos.cli.trace.TraceCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root of the command line: only shows the usage of the commands. */
@Command(
    name = "nodeqos",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    subcommands = {
      CompletionCommand.class,
      ControllerCommand.class,
      DumpCommand.class,
      EventsCommand.class,
      ExplainCommand.class,
      HistoryCommand.class,
      ImportCommand.class,
      PlanCommand.class,
      RolloutCommand.class,
      SettingsCommand.class,
      SnapshotCommand.class,
      StatusCommand.class,
      TraceCommand.class,
      UninstallCheckCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Configures the QoS of Kubernetes nodes and keeps tenants off new nodes until they are warm."
    },
    footer = {
      "",
      "Exit codes: 0 done; 1 failed; 2 bad input; 3 there are changes; 4 changes with warnings;"
          + " 5 still waiting. The controller: 0 stopped by a signal; 3 lost the Lease with work in"
          + " flight.",
      "",
      "Run 'nodeqos COMMAND --help' for the options of a command."
    })
public final class NodeQosCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  /** Runs a command line and returns the exit code of the process. */
  public static int execute(String... args) {
    StandardOutput out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    CommandLine line = commandLine().setOut(out);
    return out.exitCode(line.execute(args), line.getErr());
  }

  /** With the commands of all jars on the class path. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new NodeQosCommand());
    ServiceLoader.load(OptionalCommand.class).forEach(line::addSubcommand);
    line.addSubcommand(new CommandLine.HelpCommand());
    line.getSubcommands().values().forEach(NodeQosCommand::shortened);
    versioned(line);
    return Mistakes.handledBy(line.setUsageHelpAutoWidth(true));
  }

  /** The list of options is right below. */
  private static void shortened(CommandLine command) {
    command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    command.getSubcommands().values().forEach(NodeQosCommand::shortened);
  }

  /** Each command knows --version, and needs its provider for it. */
  private static void versioned(CommandLine line) {
    line.getCommandSpec().versionProvider(new VersionLine());
    line.getSubcommands().values().forEach(NodeQosCommand::versioned);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCodes.BAD_INPUT;
  }
}
