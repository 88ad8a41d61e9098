// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A {@link Trace} as lines of text, with a bar for each span. */
public final class TraceText {
  private static final int BAR = 40;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private TraceText() {}

  public static List<String> lines(Trace trace) {
    List<String> lines = new ArrayList<>(header(trace));
    lines.add("");
    int title = width(trace, span -> indented(span));
    int took = width(trace, span -> duration(span.took()));
    for (Trace.Span span : trace.spans()) {
      String line =
          String.format(
              Locale.ROOT,
              "%-" + title + "s  %" + took + "s  |%s|  %s%s",
              indented(span),
              duration(span.took()),
              bar(trace, span),
              span.failed() ? "FAILED " : "",
              span.note());
      lines.add(line.stripTrailing());
    }
    return lines;
  }

  /** The subject of the trace, and where the time went. */
  static List<String> header(Trace trace) {
    Trace.Span root = trace.root();
    List<String> lines = new ArrayList<>();
    String node = root.attribute("k8s.node.name");
    lines.add(root.name() + (node.isEmpty() ? "" : " " + node) + ": " + duration(trace.took()));
    lines.add("trace " + trace.id() + " of " + trace.start());
    List<String> facts = new ArrayList<>();
    fact(facts, "policies ", root.attribute("nodeqos.policy"));
    fact(facts, "configuration ", root.attribute("nodeqos.config.version"));
    fact(facts, "leader epoch ", root.attribute("nodeqos.leader.epoch"));
    if (!facts.isEmpty()) {
      lines.add(String.join(", ", facts));
    }
    trace
        .longest()
        .ifPresent(
            span ->
                lines.add(
                    "longest: "
                        + span.title()
                        + ", "
                        + duration(span.took())
                        + (span.note().isEmpty() ? "" : " (" + span.note() + ")")));
    return lines;
  }

  private static void fact(List<String> facts, String what, String value) {
    if (!value.isEmpty()) {
      facts.add(what + value.replace(",", ", "));
    }
  }

  private static int width(Trace trace, Function<Trace.Span, String> column) {
    return trace.spans().stream().map(column).mapToInt(String::length).max().orElse(0);
  }

  private static String indented(Trace.Span span) {
    return "  ".repeat(span.depth()) + span.title();
  }

  /** At least one character, also for a duration of zero. */
  private static String bar(Trace trace, Trace.Span span) {
    double whole = Math.max(1, trace.took().toNanos());
    int from = (int) Math.min(BAR - 1, Math.round(span.from().toNanos() / whole * BAR));
    int until = (int) Math.round(span.until().toNanos() / whole * BAR);
    int length = Math.max(1, until - from);
    return " ".repeat(from) + "=".repeat(length) + " ".repeat(Math.max(0, BAR - from - length));
  }

  /** With three digits, or as minutes and seconds. */
  static String duration(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    if (duration.compareTo(MINUTE) >= 0) {
      return duration.toMinutes() + "m" + duration.toSecondsPart() + "s";
    }
    return millis < 1000 ? digits(millis) + " ms" : digits(millis / 1000) + " s";
  }

  private static String digits(double value) {
    return String.format(
        Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
  }
}
