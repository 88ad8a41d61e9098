// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.nodeqos.realapi.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Prometheus' own checker. */
record Promtool(Path program) {

  /**
   * That of the variable PROMTOOL, else that of PATH, else that of the cache. Where there is none
   * the test is skipped; with {@code CI=true} it fails.
   */
  static Promtool find() throws IOException {
    Optional<Path> found = existing();
    if (found.isEmpty()) {
      assertNotEquals("true", System.getenv("CI"), "there is no promtool");
      Assumptions.abort("there is no promtool: set PROMTOOL, or put it on the PATH");
    }
    return new Promtool(found.get());
  }

  Command run(List<String> arguments, String input) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    return Command.run(command, input);
  }

  private static Optional<Path> existing() throws IOException {
    Map<String, String> environment = System.getenv();
    List<Path> candidates = new ArrayList<>();
    Optional.ofNullable(environment.get("PROMTOOL")).map(Path::of).ifPresent(candidates::add);
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      candidates.add(Path.of(folder, "promtool"));
    }
    String cache =
        environment.getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
    Path folder = Path.of(cache, "node-qos-controller", "promtool");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> below = Files.walk(folder, 2)) {
        below.filter(file -> file.endsWith("promtool")).forEach(candidates::add);
      }
    }
    return candidates.stream()
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
