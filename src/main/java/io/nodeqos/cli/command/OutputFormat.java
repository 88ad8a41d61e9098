// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The values of {@code -o}. */
public enum OutputFormat {
  TEXT,
  WIDE,
  JSON,
  YAML;

  /** For the completion of shells. */
  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names() {
      super(Stream.of(values()).map(OutputFormat::toString).toList());
    }
  }

  /** For programs: one object instead of text. */
  public boolean isStructured() {
    return this == JSON || this == YAML;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<OutputFormat> named(String name) {
    return Stream.of(values()).filter(format -> format.toString().equals(name)).findFirst();
  }

  /** The format that arguments ask for, also when they cannot be parsed otherwise. */
  static OutputFormat askedFor(List<String> arguments) {
    OutputFormat asked = TEXT;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        break;
      }
      if (argument.equals("--json")) {
        return JSON;
      }
      if (argument.matches("-o|--output") && i + 1 < arguments.size()) {
        asked = named(arguments.get(i + 1)).orElse(asked);
      } else if (argument.matches("(-o|--output=).+")) {
        asked = named(argument.replaceFirst("^(-o=?|--output=)", "")).orElse(asked);
      }
    }
    return asked;
  }
}
