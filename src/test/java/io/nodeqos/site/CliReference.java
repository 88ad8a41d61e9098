// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import io.nodeqos.cli.command.CommandSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands as a page of Markdown. */
final class CliReference {
  private final StringBuilder page = new StringBuilder();

  String markdown(CommandLine root) {
    page.append("| command | does |\n|---|---|\n");
    Map<String, CommandLine> commands = new TreeMap<>();
    leaves(root, commands);
    commands.forEach(
        (name, command) ->
            page.append(
                "| [`nodeqos %s`](#%s) | %s |\n"
                    .formatted(name, name.replace(' ', '-'), first(command))));
    commands.forEach(this::command);
    return page.toString();
  }

  /** The commands that do something, by their words after {@code nodeqos}. */
  private static void leaves(CommandLine parent, Map<String, CommandLine> found) {
    for (CommandLine command : parent.getSubcommands().values()) {
      CommandSpec spec = command.getCommandSpec();
      if (spec.usageMessage().hidden() || spec.name().equals("help")) {
        continue;
      }
      if (command.getSubcommands().isEmpty()) {
        found.put(spec.qualifiedName().replaceFirst("^nodeqos ", ""), command);
      } else {
        leaves(command, found);
      }
    }
  }

  private static String first(CommandLine command) {
    return escaped(CommandSummary.of(command.getCommandSpec()));
  }

  private void command(String name, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    page.append("\n## ").append(name).append("\n\n");
    page.append("`").append(synopsis(name, spec)).append("`\n\n");
    for (String paragraph : String.join("\n", spec.usageMessage().description()).split("\n\n")) {
      page.append(
              paragraph.contains("\n") || paragraph.startsWith(" ")
                  ? "```\n" + paragraph.stripTrailing() + "\n```"
                  : escaped(paragraph))
          .append("\n\n");
    }
    page.append("| option | meaning |\n|---|---|\n");
    List<ArgSpec> arguments = new ArrayList<>(spec.positionalParameters());
    spec.options().stream()
        .filter(option -> !option.hidden())
        .sorted(Comparator.comparing(option -> option.longestName().replace("--", "")))
        .forEach(arguments::add);
    for (ArgSpec argument : arguments) {
      page.append(
          "| `%s` | %s |\n"
              .formatted(names(argument), escaped(String.join(" ", argument.description()))));
    }
    Map<String, String> codes = spec.usageMessage().exitCodeList();
    if (!codes.isEmpty()) {
      page.append("\n| exit code | meaning |\n|---|---|\n");
      codes.forEach(
          (code, meaning) ->
              page.append("| %s | %s |\n".formatted(code.strip(), escaped(meaning.strip()))));
    }
  }

  private static String synopsis(String name, CommandSpec spec) {
    StringBuilder line = new StringBuilder("nodeqos " + name + " [OPTIONS]");
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
      line.append(parameter.arity().min() > 0 ? " " + label : " [" + label + "]");
    }
    return line.toString();
  }

  private static String names(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return argument.paramLabel();
    }
    String names = String.join(", ", option.names());
    return option.arity().max() > 0 ? names + " " + option.paramLabel() : names;
  }

  private static String escaped(String text) {
    return text.replace("%n", " ")
        .replace("%%", "%")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .strip();
  }
}
