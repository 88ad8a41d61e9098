// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The controller's arguments are read as by the library of the commands, or left to it. */
class ControllerArgumentsTest {
  private static Optional<ControllerLaunch> read(String... options) {
    List<String> args = new ArrayList<>(List.of("controller"));
    args.addAll(Arrays.asList(options));
    return ControllerArguments.read(args.toArray(String[]::new));
  }

  private static ControllerLaunch byLibrary(String... options) {
    ControllerCommand command = new ControllerCommand();
    new CommandLine(command).parseArgs(options);
    return command.launch();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--config /etc/node-qos-controller/config.yaml",
        "--config=c.yaml --kubeconfig=k",
        "--http-address 0.0.0.0 --http-port 0 --admin-port=0",
        "--kubeconfig a=b --exit-with-stdin --http-address=[::1]"
      })
  void usualArgumentsMeanTheSame(String line) {
    String[] options = line.isEmpty() ? new String[0] : line.split(" ");
    assertEquals(Optional.of(byLibrary(options)), read(options));
  }

  @Test
  void everyOptionIsKnown() {
    for (OptionSpec option : new CommandLine(new ControllerCommand()).getCommandSpec().options()) {
      String name = option.longestName();
      if (!option.usageHelp() && !option.versionHelp()) {
        String[] options =
            option.arity().max() == 0 ? new String[] {name} : new String[] {name, "1"};
        assertEquals(Optional.of(byLibrary(options)), read(options), name);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-h",
        "--version",
        "--config",
        "--config=",
        "--config --http-port",
        "--config a --config b",
        "--exit-with-stdin=true",
        "--exit-with-stdin --exit-with-stdin",
        "--htp-port 1",
        "@file",
        "--config @file",
        "file"
      })
  void unusualArgumentsAreLeftToTheLibrary(String line) {
    assertEquals(Optional.empty(), read(line.split(" ")));
  }

  @Test
  void otherCommandsAreLeftToTheLibrary() {
    assertTrue(ControllerArguments.read().isEmpty());
    assertTrue(ControllerArguments.read("plan", "--config", "a").isEmpty());
  }
}
