// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.answer;

import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.answer.Explanation.Cause;
import io.nodeqos.explain.answer.Explanation.Configuration;
import io.nodeqos.explain.answer.Explanation.Event;
import io.nodeqos.explain.answer.Explanation.Gate;
import io.nodeqos.explain.answer.Explanation.GateState;
import io.nodeqos.explain.answer.Explanation.Peers;
import io.nodeqos.explain.answer.Explanation.Standing;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.text.Cell;
import io.nodeqos.text.Column;
import io.nodeqos.text.Style;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An explanation for a reader: the reason in the first line, the next step in the second, then all
 * details. The first lines, sentences and commands are never cut.
 */
public final class ExplanationText {
  private static final String INDENT = "  ";
  private static final int PEERS = 5;
  private static final int WIDE_PEERS = 50;

  private final TextFormat format;

  public ExplanationText(TextFormat format) {
    this.format = format;
  }

  public List<String> lines(Explanation e) {
    List<String> lines = new ArrayList<>();
    lines.add(firstLine(e));
    next(e).ifPresent(lines::add);
    lines.add("");
    standing(e, lines);
    gates(e, lines);
    why(e, lines);
    advice(e, lines);
    configuration(e.configuration(), lines);
    history(e, lines);
    if (!e.missing().isEmpty()) {
      section(lines, "not known");
      e.missing().forEach(sentence -> lines.add(INDENT + Cell.oneLine(sentence)));
    }
    return lines;
  }

  /** The whole answer in one line. */
  public static String firstLine(Explanation e) {
    Standing s = e.standing();
    return Cell.oneLine(
        e.node()
            + (s.warm() ? " is warm" : " is not warm")
            + s.age().map(age -> " (for " + text(age) + ")").orElse("")
            + (e.diagnosis().why().startsWith("but ") ? ", " : ": ")
            + e.diagnosis().why()
            + ".");
  }

  private static Optional<String> next(Explanation e) {
    return e.standing().warm() && !e.diagnosis().why().startsWith("but ")
        ? Optional.empty()
        : e.advice().stream().findFirst().map(ExplanationText::oneLine).map("Next: "::concat);
  }

  private static String oneLine(Advice step) {
    return Cell.oneLine(
        step.command().isEmpty() || step.text().isEmpty()
            ? step.text() + step.command()
            : step.text() + ": " + step.command());
  }

  private void standing(Explanation e, List<String> lines) {
    Standing s = e.standing();
    Table columns = untitled(2);
    columns.row(
        "phase", s.phase().label() + s.since().map(since -> " since " + seconds(since)).orElse(""));
    columns.row(
        "taint",
        s.taint()
            .map(taint -> taint + (s.warm() ? "" : " keeps tenants off"))
            .orElse(s.warm() ? "none" : "none: tenants are not kept off"));
    columns.row("policy", s.warmUpPolicy().map(p -> p + " warms it up").orElse("none warms it up"));
    s.stable()
        .ifPresent(
            stable ->
                columns.row(
                    "stable",
                    "all gates must stay open for "
                        + GoDuration.format(stable.wanted())
                        + (stable.begun() ? ", and are open" : ", which has not begun")
                        + stable.since().map(since -> " since " + seconds(since)).orElse("")));
    s.usual()
        .ifPresent(
            usual ->
                columns.row(
                    "usual",
                    "95 % of "
                        + usual.nodes()
                        + " warm nodes of the policy became warm within "
                        + text(usual.p95())
                        + " after their creation"));
    long open = e.gates().stream().filter(g -> isOpen(g)).count();
    if (!e.gates().isEmpty()) {
      columns.row("gates", open + " of " + e.gates().size() + " open");
    }
    lines.addAll(columns.lines(TextFormat.plain()));
  }

  private static boolean isOpen(Gate gate) {
    return gate.state() == GateState.OPEN || gate.state() == GateState.RELEASED;
  }

  private void gates(Explanation e, List<String> lines) {
    if (e.gates().isEmpty()) {
      return;
    }
    Table table =
        Table.of(
            Column.of("GATE"),
            Column.of("STATE"),
            Column.of("FOR"),
            Column.wide("SINCE"),
            Column.of("DETAIL"));
    for (Gate gate : e.gates()) {
      Instant now = e.standing().at();
      table.row(
          List.of(
              Cell.of(gate.title()),
              isOpen(gate)
                  ? Cell.of(gate.state().code().toLowerCase(Locale.ROOT))
                  : new Cell(gate.state().code().toUpperCase(Locale.ROOT), Style.BAD),
              Cell.of(gate.since().map(since -> text(age(since, now))).orElse("-")),
              Cell.of(gate.since().map(since -> seconds(since).toString()).orElse("-")),
              Cell.of(gate.detail() + timeout(gate, now))));
    }
    lines.add("");
    lines.addAll(table.lines(format));
  }

  private static String timeout(Gate gate, Instant now) {
    if (gate.timeout().isEmpty() || gate.state() == GateState.OPEN) {
      return "";
    }
    Instant at = gate.timeout().get().at();
    String then = gate.timeout().get().releases() ? "released" : "reported as late";
    return at.isAfter(now)
        ? " (" + then + " in " + text(Duration.between(now, at)) + ")"
        : " (" + then + " since " + seconds(at) + ")";
  }

  private void why(Explanation e, List<String> lines) {
    if (e.causes().isEmpty()) {
      return;
    }
    section(lines, "why");
    for (Cause cause : e.causes()) {
      lines.add(INDENT + Cell.oneLine(cause.message()));
      if (!cause.quote().isEmpty()) {
        lines.add(INDENT + INDENT + "| " + Cell.oneLine(cause.quote()));
      }
      peers(cause.peers(), lines);
    }
  }

  private void peers(Peers peers, List<String> lines) {
    if (peers.nodes().isEmpty()) {
      return;
    }
    int most = format.wide() ? WIDE_PEERS : PEERS;
    int more = peers.nodes().size() - most;
    lines.add(
        INDENT
            + INDENT
            + peers.nodes().size()
            + (peers.nodes().size() == 1 ? " other node waits" : " other nodes wait")
            + " for "
            + peers.object()
            + ": "
            + String.join(", ", peers.nodes().subList(0, Math.min(most, peers.nodes().size())))
            + (more > 0 ? " and " + more + " more" : "")
            + (peers.common().isEmpty() ? "" : ". " + Cell.oneLine(peers.inCommon())));
  }

  private static void advice(Explanation e, List<String> lines) {
    if (e.advice().isEmpty()) {
      return;
    }
    section(lines, "what to do");
    for (Advice step : e.advice()) {
      if (step.command().isEmpty()) {
        lines.add(INDENT + Cell.oneLine(step.text()));
      } else {
        if (!step.text().isEmpty()) {
          lines.add(INDENT + Cell.oneLine(step.text()) + ":");
        }
        lines.add(INDENT + (step.text().isEmpty() ? "" : INDENT) + step.command());
      }
    }
  }

  private void configuration(Configuration c, List<String> lines) {
    if (c.sections().isEmpty() && c.rollouts().isEmpty()) {
      return;
    }
    section(
        lines,
        "configuration "
            + (c.wanted().isEmpty() ? "none" : c.wanted())
            + (c.carried().equals(c.wanted())
                ? ""
                : ", the node carries " + (c.carried().isEmpty() ? "none yet" : c.carried()))
            + (c.applied().isEmpty() || c.applied().equals(c.carried())
                ? ""
                : ", its agent has applied " + c.applied())
            + c.writtenAt().map(at -> ", changed " + seconds(at)).orElse("")
            + (c.epoch().isEmpty() ? "" : ", last written in leader term " + c.epoch())
            + (c.traceId().isEmpty() ? "" : ", trace " + c.traceId()));
    Table columns = untitled(4);
    c.sections()
        .forEach(
            (field, source) ->
                columns.row(
                    field,
                    source.policy(),
                    "priority " + source.priority(),
                    source.over().isEmpty() ? "" : "over " + String.join(", ", source.over())));
    columns.lines(format).forEach(line -> lines.add(INDENT + line));
    c.rollouts().forEach(sentence -> lines.add(INDENT + Cell.oneLine(sentence)));
  }

  private void history(Explanation e, List<String> lines) {
    if (e.history().isEmpty()) {
      return;
    }
    section(
        lines,
        "history (the last " + e.history().size() + "; more: nodeqos history " + e.node() + ")");
    Table columns = untitled(3);
    for (Event event : e.history()) {
      columns.row(seconds(event.at()).toString(), event.type(), event.message());
    }
    columns.lines(format).forEach(line -> lines.add(INDENT + line));
  }

  private static Table untitled(int columns) {
    return new Table(Collections.nCopies(columns, Column.of("")));
  }

  private static void section(List<String> lines, String title) {
    lines.add("");
    lines.add(title);
  }

  private static Instant seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }

  private static Duration age(Instant since, Instant now) {
    return since.isAfter(now) ? Duration.ZERO : Duration.between(since, now);
  }

  private static String text(Duration exact) {
    return GoDuration.format(Duration.ofSeconds(exact.toSeconds()));
  }
}
