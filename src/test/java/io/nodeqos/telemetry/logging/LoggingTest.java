// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggingTest {
  private static final Map<String, String> NODE = Map.of("node", "worker-7");
  private final LoggerContext context = new LoggerContext();

  @Test
  void jsonLineIsOneObjectWithMessageAndContext() {
    Logging.configure(context, settings(LogSettings.Format.JSON), false, true);
    String line = line("say \"hi\"\nto {}", NODE);
    assertEquals(line.length() - 1, line.indexOf('\n'), "one line: " + line);
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    assertEquals("say \"hi\"\nto storage", json.get("message").getAsString());
    assertEquals("INFO", json.get("level").getAsString());
    assertEquals("io.nodeqos.Some", json.get("logger").getAsString());
    assertEquals("worker-7", json.get("node").getAsString(), "at the top");
  }

  @Test
  void jsonLineHasEachContextFieldOnce() {
    Logging.configure(context, settings(LogSettings.Format.JSON), false, true);
    Map<String, String> mdc = new HashMap<>();
    for (String field :
        List.of("node", "namespace", "worker", "policy", "epoch", "trace_id", "span_id")) {
      mdc.put(field, "value of " + field);
    }
    mdc.put("level", "not ours");
    JsonObject json = JsonParser.parseString(line("hello {}", mdc)).getAsJsonObject();
    mdc.remove("level");
    mdc.forEach((field, value) -> assertEquals(value, json.get(field).getAsString()));
    assertEquals("INFO", json.get("level").getAsString(), "not that of the context");
    assertTrue(Instant.parse(json.get("timestamp").getAsString()).isAfter(Instant.EPOCH));
  }

  @Test
  void jsonLineHasTheStackTraceOfAnException() {
    Logging.configure(context, settings(LogSettings.Format.JSON), false, true);
    Exception thrown = new IllegalStateException("no way", new IllegalArgumentException("because"));
    String line = line("hello {}", NODE, thrown);
    assertEquals(line.length() - 1, line.indexOf('\n'), "one line: " + line);
    String trace = JsonParser.parseString(line).getAsJsonObject().get("exception").getAsString();
    assertTrue(trace.startsWith("java.lang.IllegalStateException: no way\n\tat "), trace);
    assertTrue(trace.contains("Caused by: java.lang.IllegalArgumentException: because"), trace);
  }

  @Test
  void textLineEndsWithTheContextAndHasNoBracketsWithoutOne() {
    Logging.configure(context, settings(LogSettings.Format.TEXT), false, true);
    assertTrue(line("hello {}", NODE).endsWith(" Some - hello storage [node=worker-7]\n"));
    assertTrue(line("hello {}", Map.of()).endsWith("INFO  Some - hello storage\n"));
  }

  @ParameterizedTest
  @CsvSource({"true,true,true", "true,false,false", "false,true,false"})
  void onlyATerminalWithoutNoColorIsColoured(boolean terminal, boolean colour, boolean expected) {
    Logging.configure(context, settings(LogSettings.Format.TEXT), terminal, colour);
    assertEquals(expected, line("hello {}", NODE).contains("\u001b["));
  }

  @Test
  void autoIsTextOnATerminalAndJsonElsewhere() {
    Logging.configure(context, settings(LogSettings.Format.AUTO), true, false);
    assertFalse(line("hello {}", NODE).startsWith("{"));
    Logging.configure(context, settings(LogSettings.Format.AUTO), false, false);
    assertTrue(line("hello {}", NODE).startsWith("{"));
  }

  @Test
  void levelAppliesToTheControllerAndNotToLibraries() {
    LogSettings debug = new LogSettings(LogSettings.Format.JSON, LogSettings.Level.DEBUG);
    Logging.configure(context, debug, false, false);
    assertEquals(Level.DEBUG, context.getLogger("io.nodeqos.queue.Some").getEffectiveLevel());
    assertEquals(Level.WARN, context.getLogger("okhttp3.Some").getEffectiveLevel());
    LogSettings error = new LogSettings(LogSettings.Format.JSON, LogSettings.Level.ERROR);
    Logging.configure(context, error, false, false);
    assertEquals(Level.ERROR, context.getLogger("okhttp3.Some").getEffectiveLevel());
  }

  @Test
  void logIsTextBeforeTheSettingsAreRead() {
    ServiceLoader.load(Configurator.class).stream()
        .filter(found -> found.type().equals(FirstLog.class))
        .findFirst()
        .orElseThrow()
        .get()
        .configure(context);
    assertTrue(line("hello {}", Map.of()).endsWith("INFO  Some - hello storage\n"));
    assertEquals(Level.WARN, context.getLogger("okhttp3.Some").getEffectiveLevel());
    assertEquals(
        Level.OFF,
        context
            .getLogger("io.kubernetes.client.extended.leaderelection.LeaderElector")
            .getEffectiveLevel());
  }

  @Test
  void logGoesToStderr() {
    Logging.configure(context, settings(LogSettings.Format.JSON), false, false);
    assertEquals("System.err", appender().getTarget(), "stdout belongs to a command's result");
  }

  private static LogSettings settings(LogSettings.Format format) {
    return new LogSettings(format, LogSettings.Level.INFO);
  }

  private ConsoleAppender<ILoggingEvent> appender() {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    return (ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR");
  }

  private String line(String message, Map<String, String> mdc) {
    return line(message, mdc, null);
  }

  private String line(String message, Map<String, String> mdc, Throwable thrown) {
    Logger logger = context.getLogger("io.nodeqos.Some");
    LoggingEvent event =
        new LoggingEvent("", logger, Level.INFO, message, thrown, new Object[] {"storage"});
    event.setMDCPropertyMap(mdc);
    return new String(appender().getEncoder().encode(event), StandardCharsets.UTF_8);
  }
}
