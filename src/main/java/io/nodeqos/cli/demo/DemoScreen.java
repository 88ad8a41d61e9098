// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Shows a {@link DemoProgress} repeatedly: a block redrawn in place on a terminal, else a line
 * every 2 s.
 */
final class DemoScreen {

  private static final Duration LINE_INTERVAL = Duration.ofSeconds(2);
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintStream out;
  private final boolean terminal;
  private final DemoView view;
  private int drawn;
  private Duration lastLine = Duration.ofSeconds(-10);

  DemoScreen(PrintStream out, boolean terminal, DemoView view) {
    this.out = out;
    this.terminal = terminal;
    this.view = view;
  }

  /** For standard output: colours and redrawing only on a terminal. */
  static DemoScreen standard(PrintStream out, Map<String, String> env) {
    boolean terminal = isTerminal() && !env.getOrDefault("TERM", "dumb").equals("dumb");
    boolean colours = terminal && env.getOrDefault("NO_COLOR", "").isEmpty();
    return new DemoScreen(out, terminal, new DemoView(colours));
  }

  /** How long to wait between two calls of {@link #show}. */
  Duration pause() {
    return Duration.ofMillis(terminal ? 250 : 500);
  }

  /** Shows this unless it is too soon for another line. */
  synchronized void show(DemoProgress progress, String doing) {
    if (terminal) {
      List<String> lines = view.block(progress, doing);
      StringBuilder text = new StringBuilder(NO_WRAP);
      if (drawn > 0) {
        text.append("\u001b[").append(drawn).append('A');
      }
      text.append('\r').append(CLEAR_BELOW);
      lines.forEach(line -> text.append(line).append('\n'));
      out.print(text.append(WRAP));
      out.flush();
      drawn = lines.size();
    } else if (progress.elapsed().minus(lastLine).compareTo(LINE_INTERVAL) >= 0) {
      out.println(view.line(progress, doing));
      lastLine = progress.elapsed();
    }
  }

  /** Prints below the block; the block is not redrawn over it. */
  synchronized void print(String text) {
    drawn = 0;
    out.println(text);
  }

  // From JDK 22 on there is a Console even without a terminal, and it reports whether it is one.
  private static boolean isTerminal() {
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
