// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.node.value.GoDuration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --since}. A mixin. */
final class SinceOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only from this time on: 2026-11-23T14:00:00Z, for example, or a duration such as 2h.")
  private String since = "";

  boolean isGiven() {
    return !since.isEmpty();
  }

  /** The time, or empty without one. */
  Optional<Instant> instant(Instant now) {
    if (since.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(since).toInstant());
    } catch (DateTimeException noTime) {
      try {
        return Optional.of(now.minus(GoDuration.parse(since)));
      } catch (IllegalArgumentException | DateTimeException neither) {
        throw new ParameterException(
            command.commandLine(),
            "--since is \""
                + since
                + "\", must be a time such as 2026-11-23T14:00:00Z or a duration such as 2h or 30m");
      }
    }
  }

  /** The parameters of a request with this one. */
  Map<String, String> addedTo(Map<String, String> query) {
    Map<String, String> all = new LinkedHashMap<>(query);
    if (isGiven()) {
      all.put("since", since);
    }
    return all;
  }

  @Override
  public String toString() {
    return since;
  }
}
