// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.function.Supplier;

/** Where the log goes and what a line looks like. */
final class LogOutput {
  private static final String TEXT =
      "%d{HH:mm:ss.SSS} LEVEL %logger{0} - %msg%replace( [%mdc]){' \\[\\]$', ''}%n";
  private static final String LEVEL = "%-5level";

  private final Supplier<Encoder<ILoggingEvent>> encoder;

  private LogOutput(Supplier<Encoder<ILoggingEvent>> encoder) {
    this.encoder = encoder;
  }

  /** One JSON object a line, with what a thread is at work on as fields of its own. */
  static LogOutput json() {
    return new LogOutput(JsonLineEncoder::new);
  }

  static LogOutput text(boolean coloured) {
    return new LogOutput(() -> pattern(coloured ? "%highlight(" + LEVEL + ")" : LEVEL));
  }

  private static Encoder<ILoggingEvent> pattern(String level) {
    PatternLayoutEncoder pattern = new PatternLayoutEncoder();
    pattern.setPattern(TEXT.replace("LEVEL", level));
    return pattern;
  }

  /** Sets up a context that has no appender. */
  void configure(LoggerContext context) {
    context.getLogger("io.nodeqos").setLevel(Level.INFO);
    // It calls the end of every round an error; io.nodeqos.election says what happened.
    context.getLogger("io.kubernetes.client.extended.leaderelection").setLevel(Level.OFF);
    // It logs each ordinary stop and each expired watch as an error; io.nodeqos.kube says what
    // counts.
    context.getLogger("io.kubernetes.client.informer").setLevel(Level.OFF);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(stderr(context));
  }

  private ConsoleAppender<ILoggingEvent> stderr(LoggerContext context) {
    Encoder<ILoggingEvent> lines = encoder.get();
    lines.setContext(context);
    lines.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("STDERR");
    appender.setTarget("System.err");
    appender.setEncoder(lines);
    appender.start();
    return appender;
  }
}
