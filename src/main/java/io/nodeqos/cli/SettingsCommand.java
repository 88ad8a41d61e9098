// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsTable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nodeqos settings}: every setting of the controller with its default. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    description = "Lists every setting of the controller with its default and its allowed values.")
final class SettingsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--markdown", description = "Print a Markdown table.")
  private boolean markdown;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        markdown
            ? SettingsTable.markdown(ControllerSettings.catalogue())
            : SettingsTable.plain(ControllerSettings.catalogue()));
    out.flush();
    return 0;
  }
}
