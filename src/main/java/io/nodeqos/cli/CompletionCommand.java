// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.cli.command.ExitCodes;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nodeqos completion}: the completion of a shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the completion of commands and options for a shell.",
      "",
      "bash:  source <(nodeqos completion bash)",
      "zsh:   source <(nodeqos completion zsh)",
      "fish:  nodeqos completion fish | source"
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The completion is printed.",
      ExitCodes.BAD_INPUT + ":Bad arguments."
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
  private Shell shell;

  /** The shells. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    // The script for bash is also one for zsh, which it asks for the functions of bash.
    out.print(
        shell == Shell.fish
            ? FishCompletion.of(root)
            : AutoComplete.bash(root.getCommandName(), root));
    out.flush();
    return ExitCodes.DONE;
  }
}
