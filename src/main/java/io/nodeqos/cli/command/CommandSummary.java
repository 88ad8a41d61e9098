// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What a command does, in one sentence, for lists of commands. */
public final class CommandSummary {
  private static final Pattern REST = Pattern.compile("(?<=[^.]\\.)\\s.*", Pattern.DOTALL);

  private CommandSummary() {}

  /** The first sentence of its help. */
  public static String of(CommandSpec command) {
    UsageMessageSpec help = command.usageMessage();
    return Stream.concat(Stream.of(help.header()), Stream.of(help.description()))
        .findFirst()
        .map(CommandSummary::firstSentence)
        .orElse("");
  }

  /** With its full stop. */
  public static String firstSentence(String text) {
    return REST.matcher(text).replaceFirst("");
  }
}
