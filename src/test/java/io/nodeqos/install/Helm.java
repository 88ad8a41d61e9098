// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import io.nodeqos.realapi.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Helm, with the chart of {@code manifests/}. */
public record Helm(Path program) {
  public static final String CHART = "manifests/chart";

  /** The objects that the chart is rendered to in a namespace. */
  List<Manifest> render(String namespace, String... options) {
    return Manifest.all(template(namespace, options).succeeded().out());
  }

  /** Renders the chart. */
  Command template(String namespace, String... options) {
    List<String> arguments = new ArrayList<>(List.of("template", "a-release", CHART));
    arguments.addAll(List.of("--namespace", namespace));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(String[]::new));
  }

  /** Runs Helm with these arguments. */
  public Command run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return Command.run(command, "");
  }
}
