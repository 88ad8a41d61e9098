// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the arguments of {@code controller} as the library of the other commands does, for the
 * start of a pod: that library takes a quarter of the time until the probes are answered.
 */
final class ControllerArguments {
  private static final String CONFIG = "--config";
  private static final String KUBECONFIG = "--kubeconfig";
  private static final String EXIT_WITH_STDIN = "--exit-with-stdin";

  /** Keys of settings, by their options. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "--http-address", "http.address",
          "--http-port", "http.port",
          "--admin-port", "http.adminPort");

  private ControllerArguments() {}

  /**
   * Empty for another command, for a request for help, and for anything unusual: the library
   * answers it.
   */
  static Optional<ControllerLaunch> read(String... args) {
    if (args.length == 0 || !args[0].equals("controller")) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      String[] parts = args[i].split("=", 2);
      String option = parts[0];
      String value;
      if (option.equals(EXIT_WITH_STDIN) && parts.length == 1) {
        value = "";
      } else if (!takesValue(option)) {
        return Optional.empty();
      } else if (parts.length == 2) {
        value = parts[1];
      } else if (i + 1 < args.length) {
        i++;
        value = args[i];
      } else {
        return Optional.empty();
      }
      if (isUnusual(value, option) || values.put(option, value) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(launch(values));
  }

  private static boolean takesValue(String option) {
    return option.equals(CONFIG) || option.equals(KUBECONFIG) || SETTINGS.containsKey(option);
  }

  /** The library has rules for these: another option, a file of arguments, quotes. */
  private static boolean isUnusual(String value, String option) {
    return !option.equals(EXIT_WITH_STDIN)
        && (value.isEmpty() || "-@\"'".indexOf(value.charAt(0)) >= 0);
  }

  private static ControllerLaunch launch(Map<String, String> values) {
    Map<String, String> flags = new HashMap<>();
    SETTINGS.forEach(
        (option, key) ->
            Optional.ofNullable(values.get(option)).ifPresent(value -> flags.put(key, value)));
    return new ControllerLaunch(
        Optional.ofNullable(values.get(CONFIG)).map(Path::of),
        Optional.ofNullable(values.get(KUBECONFIG)).map(Path::of),
        flags,
        values.containsKey(EXIT_WITH_STDIN));
  }
}
