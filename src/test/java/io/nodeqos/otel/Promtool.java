// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import io.nodeqos.realapi.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prometheus' checker of rules. */
record Promtool(Path program) {

  Command run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return Command.run(command, "");
  }
}
