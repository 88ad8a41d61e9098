// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import io.nodeqos.config.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The sentence for arguments that cannot be used, without a full stop at its end. */
final class ArgumentSentence {
  private ArgumentSentence() {}

  static String of(ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched, command);
    }
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return missing(missing.getMissing(), command);
    }
    if (e instanceof MutuallyExclusiveArgsException) {
      // Only the text has the names.
      String names = e.getMessage().replaceFirst("^Error: (.*) are mutually exclusive.*", "$1");
      return listed(List.of(names.split(", ")), "and") + " exclude each other";
    }
    if (e instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + " is given more than once";
    }
    return e.getArgSpec() == null || e.getValue() == null
        ? e.getMessage()
        : unusable(e.getArgSpec(), e.getValue(), e.getMessage());
  }

  private static String unmatched(UnmatchedArgumentException e, CommandSpec command) {
    String first = e.getUnmatched().get(0);
    if (e.isUnknownOption()) {
      return "unknown option "
          + first
          + Suggestion.among(command.optionsMap().keySet(), first.replaceFirst("=.*", ""));
    }
    if (command.subcommands().isEmpty() || !command.positionalParameters().isEmpty()) {
      return "unexpected argument " + first;
    }
    List<String> commands = new ArrayList<>();
    for (CommandLine known : command.subcommands().values()) {
      if (!known.getCommandSpec().usageMessage().hidden()) {
        commands.add(known.getCommandName());
      }
    }
    return "unknown command " + first + Suggestion.among(commands, first);
  }

  private static String missing(List<ArgSpec> missing, CommandSpec command) {
    ArgSpec first = missing.get(0);
    if (first instanceof OptionSpec option && !option.required()) {
      return option.longestName() + " needs " + option.paramLabel();
    }
    boolean oneIsEnough = first.group() != null && first.group().exclusive();
    return command.name()
        + " needs "
        + listed(
            missing.stream().map(ArgumentSentence::usage).toList(), oneIsEnough ? "or" : "and");
  }

  private static String unusable(ArgSpec argument, String value, String otherwise) {
    Class<?> type = argument.typeInfo().getType();
    String allowed = "";
    if (type.isEnum()) {
      allowed = listed(Arrays.stream(type.getEnumConstants()).map(Object::toString).toList(), "or");
    } else if (type == int.class || type == long.class) {
      allowed = "a whole number";
    } else if (type == boolean.class) {
      allowed = "true or false";
    }
    return allowed.isEmpty() ? otherwise : name(argument) + " is " + value + ", must be " + allowed;
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String usage(ArgSpec argument) {
    return argument instanceof OptionSpec option && option.arity().max() > 0
        ? option.longestName() + " " + option.paramLabel()
        : name(argument);
  }

  /** "a, b or c". */
  private static String listed(List<String> items, String last) {
    int end = items.size() - 1;
    return end == 0
        ? items.get(0)
        : items.subList(0, end).stream().collect(Collectors.joining(", "))
            + " "
            + last
            + " "
            + items.get(end);
  }
}
