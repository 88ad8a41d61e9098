// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingInfo;
import io.nodeqos.config.SettingsTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nodeqos settings}: every setting of the controller with its default. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    description =
        "Lists the settings of the controller: key, variable, default, allowed values, meaning.",
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The settings are listed.",
      ExitCodes.FAILED + ":No setting has the word.",
      ExitCodes.BAD_INPUT + ":Bad arguments."
    })
final class SettingsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "WORD",
      description = "Only settings with this word in their key, variable or meaning.")
  private String word = "";

  @Option(names = "--markdown", description = "Print a Markdown table.")
  private boolean markdown;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    List<SettingInfo> settings =
        ControllerSettings.catalogue().stream().filter(this::isWanted).toList();
    if (settings.isEmpty()) {
      throw CommandException.failed("NotFound", "no setting has the word " + word);
    }
    if (markdown) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(SettingsTable.markdown(settings));
      out.flush();
    } else {
      output.print(
          "SettingList",
          () -> SettingsText.json(settings),
          format -> SettingsText.lines(settings, format));
    }
    return ExitCodes.DONE;
  }

  private boolean isWanted(SettingInfo setting) {
    String wanted = word.toLowerCase(Locale.ROOT);
    return Stream.of(setting.key(), setting.variable(), setting.doc())
        .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted));
  }
}
