// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the log of the process. Before that, it is plain text at level info. */
public final class Logging {
  private static final String OURS = "io.nodeqos";

  private Logging() {}

  /** Sets up the log of this process. */
  public static void configure(LogSettings settings, Map<String, String> environment) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      configure(context, settings, stderrIsTerminal(), !environment.containsKey("NO_COLOR"));
    }
  }

  /** Changes the log level of this project; takes effect at once. */
  public static void level(LogSettings.Level level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      level(context, level);
    }
  }

  static void configure(
      LoggerContext context, LogSettings settings, boolean terminal, boolean colour) {
    boolean json =
        switch (settings.format()) {
          case JSON -> true;
          case TEXT -> false;
          case AUTO -> !terminal;
        };
    context.reset();
    LogOutput output = json ? LogOutput.json() : LogOutput.text(terminal && colour);
    output.configure(context);
    level(context, settings.level());
  }

  private static void level(LoggerContext context, LogSettings.Level level) {
    context.getLogger(OURS).setLevel(Level.valueOf(level.name()));
    boolean quiet = level == LogSettings.Level.ERROR;
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(quiet ? Level.ERROR : Level.WARN);
  }

  /** On Linux whether stderr is a terminal; elsewhere whether the process has a console. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean stderrIsTerminal() {
    Path stderr = Path.of("/proc/self/fd/2");
    try {
      String target = Files.readSymbolicLink(stderr).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }
}
