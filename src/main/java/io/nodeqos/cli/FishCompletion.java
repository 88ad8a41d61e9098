// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.cli.command.CommandSummary;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The completion of fish, which picocli has no script for. */
final class FishCompletion {
  private static final String SEEN = "__fish_seen_subcommand_from ";

  private final String program;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(CommandLine root) {
    FishCompletion completion = new FishCompletion(root.getCommandName());
    completion.script.append("complete -c ").append(completion.program).append(" -f\n");
    completion.options(root.getCommandSpec(), "__fish_use_subcommand");
    root.getSubcommands()
        .forEach(
            (name, command) ->
                completion.command(
                    command, "__fish_use_subcommand", SEEN + name + notBelow(root, name)));
    return completion.script.toString();
  }

  /** A command may have the name of one below another: rollout history. */
  private static String notBelow(CommandLine root, String name) {
    return root.getSubcommands().values().stream()
        .filter(other -> other.getSubcommands().containsKey(name))
        .map(other -> "; and not " + SEEN + other.getCommandName())
        .collect(Collectors.joining());
  }

  /**
   * @param before the condition under which it may come next
   * @param within the condition for its own arguments
   */
  private void command(CommandLine command, String before, String within) {
    CommandSpec spec = command.getCommandSpec();
    if (spec.usageMessage().hidden()) {
      return;
    }
    line(before, "-a " + quoted(spec.name()), CommandSummary.of(spec));
    options(spec, within);
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      String values = values(parameter.completionCandidates());
      if (!values.isEmpty()) {
        line(within, "-a " + quoted(values), "");
      }
    }
    Map<String, CommandLine> below = command.getSubcommands();
    below.forEach(
        (name, one) ->
            command(
                one,
                within + "; and not " + SEEN + String.join(" ", below.keySet()),
                within + "; and " + SEEN + name));
  }

  private void options(CommandSpec command, String condition) {
    for (OptionSpec option : command.options()) {
      if (option.hidden()) {
        continue;
      }
      StringBuilder names = new StringBuilder();
      for (String name : option.names()) {
        names.append(
            name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
      }
      if (option.arity().max() > 0) {
        String values = values(option.completionCandidates());
        names.append(isFile(option) ? " -rF" : values.isEmpty() ? " -x" : " -xa " + quoted(values));
      }
      line(condition, names.toString().strip(), String.join(" ", option.description()));
    }
  }

  private static boolean isFile(OptionSpec option) {
    return option.paramLabel().contains("FILE") || option.paramLabel().contains("DIR");
  }

  private static String values(Iterable<String> candidates) {
    return candidates == null ? "" : String.join(" ", candidates);
  }

  private void line(String condition, String what, String description) {
    script
        .append("complete -c ")
        .append(program)
        .append(" -n ")
        .append(quoted(condition))
        .append(' ')
        .append(what);
    if (!description.isEmpty()) {
      script.append(" -d ").append(quoted(firstSentence(description)));
    }
    script.append('\n');
  }

  private static String firstSentence(String text) {
    String sentence = CommandSummary.firstSentence(text);
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("%%", "%") + "'";
  }
}
