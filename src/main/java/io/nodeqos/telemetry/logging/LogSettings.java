// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.logging;

import java.util.Objects;

/**
 * Settings of the log, which goes to stderr.
 *
 * @param format how a line looks
 * @param level the level of this project; libraries log warnings and errors only
 */
public record LogSettings(Format format, Level level) {

  public static final LogSettings DEFAULTS = new LogSettings(Format.AUTO, Level.INFO);

  public LogSettings {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(level, "level");
  }

  /** How a line looks. */
  public enum Format {
    /** Text when stderr is a terminal, else JSON. */
    AUTO,
    /** Readable text, coloured on a terminal unless NO_COLOR is set. */
    TEXT,
    /** One JSON object a line. */
    JSON
  }

  /** From the fewest lines to the most. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }
}
