// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.command.Terminal;
import io.nodeqos.text.TextFormat;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

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
  private final Supplier<TextFormat> format;
  private final DemoView view;
  private int drawn;
  private Duration lastLine = Duration.ofSeconds(-10);

  /**
   * @param format the present width of the terminal
   */
  DemoScreen(PrintStream out, boolean terminal, Supplier<TextFormat> format, DemoView view) {
    this.out = out;
    this.terminal = terminal;
    this.format = format;
    this.view = view;
  }

  /** For standard output: colours and redrawing only on a terminal. */
  static DemoScreen standard(PrintStream out, Map<String, String> env) {
    Terminal terminal = new Terminal(env);
    return new DemoScreen(
        out,
        terminal.isInteractive(),
        () -> terminal.format(false),
        new DemoView(terminal.hasColours()));
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
      TextFormat present = format.get();
      lines.forEach(line -> text.append(present.fittedStyled(line)).append('\n'));
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
}
