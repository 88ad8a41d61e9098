// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
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
    URL file = Logging.class.getResource(json ? "/logback-json.xml" : "/logback.xml");
    context.reset();
    if (terminal && colour) {
      context.putProperty("shownLevel", "%highlight(%-5level)");
    }
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(
          Objects.requireNonNull(file, "the jar contains the configuration of the log"));
    } catch (JoranException e) {
      throw new IllegalStateException("the log configuration in the jar cannot be read", e);
    }
    level(context, settings.level());
  }

  private static void level(LoggerContext context, LogSettings.Level level) {
    context.getLogger(OURS).setLevel(Level.valueOf(level.name()));
    boolean quiet = level == LogSettings.Level.ERROR;
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(quiet ? Level.ERROR : Level.WARN);
  }

  /** On Linux whether stderr is a terminal; elsewhere whether the process has a console. */
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
