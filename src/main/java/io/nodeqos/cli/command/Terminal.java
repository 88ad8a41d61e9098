// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import io.nodeqos.text.TextFormat;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terminal of this process, where it has one. */
public final class Terminal {
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

  private final Map<String, String> environment;

  public Terminal(Map<String, String> environment) {
    this.environment = environment;
  }

  public static Terminal standard() {
    return new Terminal(System.getenv());
  }

  /** Whether a person reads the output: not in a pipe, and not with {@code TERM=dumb}. */
  public boolean isInteractive() {
    return !environment.getOrDefault("TERM", "dumb").equals("dumb") && isConsole();
  }

  /** No colours with {@code NO_COLOR}. */
  public boolean hasColours() {
    return isInteractive() && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /** How text is printed here. */
  public TextFormat format(boolean wide) {
    return isInteractive()
        ? new TextFormat(width(), hasColours(), wide)
        : new TextFormat(0, false, wide);
  }

  /** Columns; 0 when they cannot be found out. */
  private static int width() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      try {
        String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        Matcher columns = SIZE.matcher(size);
        return stty.waitFor(1, TimeUnit.SECONDS) && columns.matches()
            ? Integer.parseInt(columns.group(1))
            : 0;
      } finally {
        stty.destroy();
      }
    } catch (IOException | NumberFormatException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  // From JDK 22 on there is a Console even without a terminal, and it reports whether it is one.
  private static boolean isConsole() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
