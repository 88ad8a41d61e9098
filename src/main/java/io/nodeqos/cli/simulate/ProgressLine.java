// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import io.nodeqos.cli.simulate.cluster.Progress;
import io.nodeqos.time.TimeSource;
import java.io.PrintWriter;
import java.time.Duration;

/** A line on the terminal while a simulation takes long; nothing in a pipe. For one thread. */
final class ProgressLine implements Progress {
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration EACH = Duration.ofMillis(250);
  private static final String START_OF_LINE = "\r";
  private static final String TO_END_OF_LINE = "\u001b[K";

  private final PrintWriter terminal;
  private final boolean shown;
  private final TimeSource time;
  private final long began;
  private String phase = "";
  private Duration length = Duration.ZERO;
  private boolean visible;
  private long printed;

  private ProgressLine(PrintWriter terminal, boolean shown, TimeSource time, long began) {
    this.terminal = terminal;
    this.shown = shown;
    this.time = time;
    this.began = began;
  }

  /**
   * From now on.
   *
   * @param shown false to print nothing at all
   */
  static ProgressLine of(PrintWriter terminal, boolean shown, TimeSource time) {
    return new ProgressLine(terminal, shown, time, time.nanos());
  }

  /**
   * Starts a part of the work.
   *
   * @param name short enough for the line, empty for none
   * @param virtualLength of this part
   */
  void phase(String name, Duration virtualLength) {
    phase = name;
    length = virtualLength;
  }

  @Override
  public void at(Duration passed) {
    if (!shown) {
      return;
    }
    Duration soFar = time.since(began);
    boolean due = visible ? time.since(printed).compareTo(EACH) >= 0 : soFar.compareTo(FIRST) > 0;
    if (due) {
      visible = true;
      printed = time.nanos();
      terminal.print(
          START_OF_LINE
              + "nodeqos: "
              + (phase.isEmpty() ? "" : phase + ": ")
              + Durations.text(passed)
              + " of "
              + Durations.text(length)
              + " simulated, "
              + soFar.toSeconds()
              + " s so far"
              + TO_END_OF_LINE);
      terminal.flush();
    }
  }

  /** Takes the line away. */
  void clear() {
    if (visible) {
      terminal.print(START_OF_LINE + TO_END_OF_LINE);
      terminal.flush();
      visible = false;
    }
  }
}
