// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import io.nodeqos.realapi.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prometheus' checker of rules and metrics. */
public record Promtool(Path program) {

  Command run(String... arguments) {
    return runWith("", arguments);
  }

  /** Runs it with this text as its standard input. */
  public Command runWith(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return Command.run(command, input);
  }
}
