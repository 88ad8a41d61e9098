// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A {@link Trace} as a picture: SVG with its text as text, for light and dark pages. Widths are
 * estimated, as only the viewer has the font.
 */
final class TraceSvg {
  private static final int WIDTH = 820;
  private static final int MARGIN = 14;
  private static final int GAP = 12;
  private static final int TOP = 62;
  private static final int ROW = 22;
  private static final int BAR = 12;
  private static final int INDENT = 12;
  private static final double CHARACTER = 6.9;
  private static final int MIN_BARS = 200;
  private static final int TICKS = 5;

  private static final String STYLE =
      """
      <style>
        text { font: 12px ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
        .head { font-size: 14px; font-weight: 600 }
        .more { fill: #59636e }
        .page { fill: #ffffff }
        .grid { stroke: #d1d9e0 }
        .bar { fill: #54aeff }
        .root { fill: #afb8c1 }
        .longest { fill: #e16f24 }
        .failed { fill: #cf222e }
        @media (prefers-color-scheme: dark) {
          text { fill: #f0f6fc }
          .more { fill: #9198a1 }
          .page { fill: #0d1117 }
          .grid { stroke: #3d444d }
          .bar { fill: #1f6feb }
          .root { fill: #6e7681 }
          .longest { fill: #db6d28 }
          .failed { fill: #f85149 }
        }
      </style>
      """;

  private static final int MAX_NOTE = 60;

  private final Trace trace;
  private final StringBuilder svg = new StringBuilder();
  private final double bars;
  private final double barsEnd;
  private final double notes;

  private TraceSvg(Trace trace) {
    this.trace = trace;
    double titles = widest(span -> INDENT * span.depth() + width(span.title()));
    double times = widest(span -> width(TraceText.duration(span.took())));
    double words = widest(span -> width(note(span)));
    this.bars = MARGIN + titles + GAP;
    this.barsEnd = Math.max(bars + MIN_BARS, WIDTH - MARGIN - words - times - 2 * GAP);
    this.notes = barsEnd + GAP + times + GAP;
  }

  static String of(Trace trace) {
    return new TraceSvg(trace).draw();
  }

  private static double width(String text) {
    return CHARACTER * text.length();
  }

  /** A sentence about a failure would leave no room for the bars. */
  private static String note(Trace.Span span) {
    String note = span.note();
    return note.length() <= MAX_NOTE ? note : note.substring(0, MAX_NOTE - 1).strip() + "…";
  }

  private double widest(ToDoubleFunction<Trace.Span> column) {
    return trace.spans().stream().mapToDouble(column).max().orElse(0);
  }

  private String draw() {
    int height = TOP + ROW * trace.spans().size() + MARGIN;
    String head = TraceText.header(trace).get(0);
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " role=\"img\">%n",
        WIDTH, height, WIDTH, height);
    add("<title>%s</title>%n", escaped(head));
    svg.append(STYLE);
    add("<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"6\"/>%n", WIDTH, height);
    text(MARGIN, 24, "head", head);
    grid(height);
    Trace.Span longest = trace.longest().orElse(null);
    for (int i = 0; i < trace.spans().size(); i++) {
      row(trace.spans().get(i), TOP + ROW * i, longest);
    }
    return svg.append("</svg>\n").toString();
  }

  private void grid(int height) {
    Duration step = step();
    for (Duration at = Duration.ZERO; at.compareTo(trace.took()) <= 0; at = at.plus(step)) {
      double x = x(at);
      add(
          "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
          x, x, TOP - 8, height - MARGIN);
      text(x - 3, TOP - 14, "more", at.isZero() ? "0" : round(at));
    }
  }

  /** The smallest of 1, 2, 5, 10, 20, ... that leaves a few lines. */
  private Duration step() {
    long nanos = Math.max(1, trace.took().toNanos());
    long decade = 1;
    while (true) {
      for (long factor : new long[] {1, 2, 5}) {
        if (factor * decade * TICKS >= nanos) {
          return Duration.ofNanos(factor * decade);
        }
      }
      decade *= 10;
    }
  }

  private static String round(Duration at) {
    double millis = at.toNanos() / 1e6;
    double value = millis < 1000 ? millis : millis / 1000;
    String digits =
        value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    return digits + (millis < 1000 ? " ms" : " s");
  }

  private double x(Duration at) {
    return bars + (barsEnd - bars) * at.toNanos() / Math.max(1, trace.took().toNanos());
  }

  private void row(Trace.Span span, int y, Trace.Span longest) {
    double middle = y + BAR - 2;
    text(MARGIN + (double) INDENT * span.depth(), middle, "name", span.title());
    double from = x(span.from());
    add(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
        span.failed()
            ? "failed"
            : span.equals(longest) ? "longest" : span.depth() == 0 ? "root" : "bar",
        from,
        y,
        Math.max(2, x(span.until()) - from),
        BAR);
    text(barsEnd + GAP, middle, "more", TraceText.duration(span.took()));
    if (!span.note().isEmpty()) {
      text(notes, middle, "more", note(span));
    }
  }

  private void text(double x, double y, String kind, String text) {
    add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n", kind, x, y, escaped(text));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
