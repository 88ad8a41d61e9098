// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import io.nodeqos.node.value.GoDuration;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --timeout} of commands that have {@code --watch}. A mixin. */
public final class TimeoutOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "With --watch: give up after this time, such as 10m (default: never).")
  private String timeout = "";

  /**
   * The longest time; zero without one.
   *
   * @param watch whether {@code --watch} is given
   */
  public Duration limit(boolean watch) {
    if (timeout.isEmpty()) {
      return Duration.ZERO;
    }
    if (!watch) {
      throw new ParameterException(command.commandLine(), "--timeout needs --watch");
    }
    try {
      Duration limit = GoDuration.parse(timeout);
      if (limit.isZero() || limit.isNegative()) {
        throw CommandException.badInput(
            "BadDuration", "--timeout is " + timeout + ", must be longer than 0s");
      }
      return limit;
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput("BadDuration", "--timeout: " + e.getMessage()).causedBy(e);
    }
  }
}
