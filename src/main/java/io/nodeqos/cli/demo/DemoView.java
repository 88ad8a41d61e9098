// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.DemoProgress.Control;
import io.nodeqos.cli.demo.DemoProgress.Outage;
import io.nodeqos.cli.demo.DemoProgress.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Text and bars of a {@link DemoProgress}: a block of lines for a terminal, or one line for a log.
 * ASCII only, as the encoding of the output is not known.
 */
final class DemoView {

  private static final int BAR = 40;
  private static final int MAX_REASONS = 5;
  private static final String BOLD = "\u001b[1m";
  private static final String GREEN = "\u001b[32m";
  private static final String YELLOW = "\u001b[33m";
  private static final String DIM = "\u001b[2m";
  private static final String RESET = "\u001b[0m";

  private final boolean colours;

  DemoView(boolean colours) {
    this.colours = colours;
  }

  /** The block for a terminal; {@code doing} is a short text about the present phase. */
  List<String> block(DemoProgress progress, String doing) {
    List<String> lines = new ArrayList<>();
    lines.add(paint(BOLD, String.format("%-44s", doing)) + seconds(progress.elapsed()));
    lines.add(bar("joined", progress.counts().joined(), progress.expected().nodes(), DIM));
    lines.add(
        bar("configured", progress.counts().configured(), progress.expected().nodes(), YELLOW));
    lines.add(bar("warm", progress.counts().warm(), progress.expected().warm(), GREEN));
    lines.add("waiting for");
    progress.waiting().stream()
        .limit(MAX_REASONS)
        .forEach(waiting -> lines.add(waitingLine(waiting)));
    int shown = Math.min(MAX_REASONS, progress.waiting().size());
    if (progress.waiting().isEmpty()) {
      lines.add("  nothing");
    } else if (shown < progress.waiting().size()) {
      lines.add("  and " + (progress.waiting().size() - shown) + " more reasons");
    }
    lines.add("time to warm  " + timesToWarm(progress.timesToWarm()));
    lines.add("writes        " + writes(progress));
    lines.add("leader        " + leader(progress.control()));
    return lines;
  }

  /** The line for a log. */
  String line(DemoProgress progress, String doing) {
    String waiting =
        progress.waiting().stream()
            .map(one -> one.reason() + " " + one.nodes())
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%7s  %s: joined %d/%d, configured %d, warm %d/%d%s; %d writes to nodes; leader %s",
        seconds(progress.elapsed()),
        doing,
        progress.counts().joined(),
        progress.expected().nodes(),
        progress.counts().configured(),
        progress.counts().warm(),
        progress.expected().warm(),
        waiting.isEmpty() ? "" : ", waiting for " + waiting,
        progress.control().writes(),
        leader(progress.control()));
  }

  /** {@code 12.3 s}. */
  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  /** {@code median 1.0 s, P99 2.0 s, slowest 3.0 s}. */
  static String timesToWarm(List<Duration> sorted) {
    if (sorted.isEmpty()) {
      return "no node is warm yet";
    }
    return "median "
        + seconds(DemoProgress.quantile(sorted, 0.5))
        + ", P99 "
        + seconds(DemoProgress.quantile(sorted, 0.99))
        + ", slowest "
        + seconds(DemoProgress.quantile(sorted, 1));
  }

  private String bar(String label, int done, int of, String colour) {
    int filled = of == 0 ? BAR : Math.min(BAR, BAR * done / of);
    return String.format(Locale.ROOT, "  %-10s %13s  ", label, done + "/" + of)
        + paint(colour, "#".repeat(filled))
        + ".".repeat(BAR - filled);
  }

  private String waitingLine(Waiting waiting) {
    return String.format(Locale.ROOT, "%6d  ", waiting.nodes())
        + paint(YELLOW, String.format("%-24s", waiting.reason()))
        + "  "
        + waiting.example()
        + (waiting.message().isEmpty() ? "" : ": " + waiting.message());
  }

  private static String writes(DemoProgress progress) {
    int nodes = Math.max(1, progress.counts().joined());
    return String.format(
        Locale.ROOT,
        "%d to nodes, %.2f for each node",
        progress.control().writes(),
        (double) progress.control().writes() / nodes);
  }

  /** The leader, and after a kill the time without writes. */
  static String leader(Control control) {
    return control.leader().map(one -> one.podName() + ", epoch " + one.epoch()).orElse("none")
        + control.outage().map(DemoView::outage).orElse("");
  }

  private static String outage(Outage outage) {
    return outage.over()
        ? "; gap after " + outage.podName() + " was killed: " + seconds(outage.gap())
        : "; " + outage.podName() + " was killed, no write for " + seconds(outage.gap());
  }

  private String paint(String colour, String text) {
    return colours ? colour + text + RESET : text;
  }
}
