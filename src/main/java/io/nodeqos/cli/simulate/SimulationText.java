// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import io.nodeqos.cli.simulate.ExpectationCheck.Outcome;
import io.nodeqos.cli.simulate.SimulationResult.PolicyResult;
import io.nodeqos.cli.simulate.SimulationResult.WaitingGroup;
import io.nodeqos.cli.simulate.SimulationResult.Warning;
import io.nodeqos.text.Cell;
import io.nodeqos.text.Column;
import io.nodeqos.text.Style;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The report of a simulation as text. */
final class SimulationText {
  private record Line(Instant at, Style style, String text) {}

  private final SimulationReport report;
  private final SimulationResult result;

  SimulationText(SimulationReport report) {
    this.report = report;
    this.result = report.result();
  }

  List<String> lines(TextFormat format) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "simulated "
            + Durations.text(result.length())
            + " of "
            + result.nodes().size()
            + " nodes"
            + (report.took().isZero() ? "" : " in " + Durations.text(report.took()))
            + ", seed "
            + report.seed());
    report.notes().forEach(note -> lines.add(format.styled(Style.NOTICE, note)));
    lines.add("");
    for (Line line : timeline()) {
      lines.add(
          "t+%-8s %s"
              .formatted(
                  Durations.text(Duration.between(result.start(), line.at())),
                  format.styled(line.style(), line.text())));
    }
    lines.add("");
    lines.addAll(policies().lines(format));
    if (!report.answers().isEmpty()) {
      lines.add("");
      lines.addAll(answers().lines(format));
    }
    if (!report.outcomes().isEmpty()) {
      lines.add("");
      lines.add("expectations of " + report.expectationsFile());
      report.outcomes().forEach(outcome -> lines.add(line(outcome, format)));
      long failed = report.outcomes().stream().filter(outcome -> !outcome.holds()).count();
      lines.add(failed + " of " + report.outcomes().size() + " expectations failed.");
    }
    return lines;
  }

  private static String line(Outcome outcome, TextFormat format) {
    String verdict =
        outcome.holds() ? format.styled(Style.GOOD, "ok  ") : format.styled(Style.BAD, "FAIL");
    return "  "
        + verdict
        + "   "
        + outcome.expectation()
        + outcome.failure().map(why -> ": " + why).orElse("");
  }

  private List<Line> timeline() {
    List<Line> lines = new ArrayList<>();
    Instant start = result.start();
    Instant end = start.plus(result.length());
    policyLines(start, lines);
    written(lines);
    joined(lines);
    warm(lines);
    for (Warning warning : result.warnings()) {
      lines.add(new Line(warning.at(), Style.NOTICE, text(warning)));
    }
    lines.sort(Comparator.comparing(Line::at));
    for (WaitingGroup group : result.waiting()) {
      lines.add(
          new Line(
              end,
              Style.NOTICE,
              nodes(group.count())
                  + (group.count() == 1 ? " still waits" : " still wait")
                  + ", first "
                  + group.first()
                  + ": "
                  + group.reason()
                  + ": "
                  + group.message()));
    }
    return lines;
  }

  private void policyLines(Instant start, List<Line> lines) {
    List<PolicyResult> invalid =
        result.policies().stream().filter(policy -> !policy.problems().isEmpty()).toList();
    String names = String.join(", ", result.policies().stream().map(PolicyResult::name).toList());
    lines.add(
        new Line(
            start,
            Style.PLAIN,
            result.policies().size()
                + (result.policies().size() == 1 ? " policy: " : " policies: ")
                + names
                + (invalid.isEmpty() ? "" : "; " + invalid.size() + " not valid")));
    for (PolicyResult policy : invalid) {
      for (String problem : policy.problems()) {
        lines.add(
            new Line(
                start,
                Style.BAD,
                "  "
                    + policy.name()
                    + ": "
                    + problem
                    + (policy.inForce()
                        ? " (its last valid version stays in force)"
                        : " (it is not in force)")));
      }
    }
  }

  private void written(List<Line> lines) {
    List<NodeHistory> written =
        result.run().nodes().stream()
            .filter(node -> !node.isNew() && node.firstWrite().isPresent())
            .toList();
    long present = result.run().nodes().stream().filter(node -> !node.isNew()).count();
    Optional<Instant> last =
        written.stream().flatMap(node -> node.firstWrite().stream()).max(Instant::compareTo);
    if (last.isEmpty()) {
      lines.add(
          new Line(
              result.start(), Style.PLAIN, "none of the " + present + " present nodes changes"));
      return;
    }
    int patches = written.stream().mapToInt(NodeHistory::patches).sum();
    int statusPatches = written.stream().mapToInt(NodeHistory::statusPatches).sum();
    lines.add(
        new Line(
            last.get(),
            Style.PLAIN,
            written.size()
                + " of "
                + present
                + " present nodes are written ("
                + patches
                + " patches and "
                + statusPatches
                + " of the status until the end; at most "
                + result.writesPerSecond()
                + " writes a second)"));
  }

  private void joined(List<Line> lines) {
    List<NodeHistory> joined = result.run().nodes().stream().filter(NodeHistory::isNew).toList();
    joined.stream()
        .flatMap(node -> node.joined().stream())
        .max(Instant::compareTo)
        .ifPresent(
            at ->
                lines.add(
                    new Line(
                        at,
                        Style.PLAIN,
                        (joined.size() < result.joining()
                                ? joined.size() + " of " + nodes(result.joining())
                                : nodes(joined.size()))
                            + " joined, "
                            + joined.stream().filter(NodeHistory::taintedAtCreation).count()
                            + " of them tainted at creation")));
  }

  private void warm(List<Line> lines) {
    warm("new", result.run().nodes().stream().filter(NodeHistory::isNew).toList(), lines);
    warm("present", result.run().nodes().stream().filter(node -> !node.isNew()).toList(), lines);
  }

  private void warm(String which, List<NodeHistory> nodes, List<Line> lines) {
    List<Duration> times =
        nodes.stream().flatMap(node -> node.warmUp(result.start()).stream()).sorted().toList();
    nodes.stream()
        .flatMap(node -> node.warmAt().stream())
        .max(Instant::compareTo)
        .ifPresent(
            at ->
                lines.add(
                    new Line(
                        at,
                        Style.PLAIN,
                        times.size()
                            + " of "
                            + nodes.size()
                            + " "
                            + which
                            + " nodes became warm (P50 "
                            + Durations.text(times.get((times.size() - 1) / 2))
                            + ", P95 "
                            + Durations.text(times.get((times.size() - 1) * 95 / 100))
                            + ")")));
  }

  private static String nodes(int count) {
    return count == 1 ? "1 node" : count + " nodes";
  }

  private static String text(Warning warning) {
    if (warning.first().isEmpty()) {
      return warning.type()
          + (warning.policy().isEmpty() ? "" : " policy " + warning.policy())
          + ": "
          + warning.message();
    }
    return warning.type()
        + " on "
        + nodes(warning.count())
        + ", first "
        + warning.first()
        + ": "
        + warning.message();
  }

  private Table policies() {
    Table table =
        Table.of(
            Column.of("POLICY"),
            Column.number("NODES"),
            Column.number("CONFIGURED"),
            Column.number("WARM"),
            Column.number("WAITING"),
            Column.number("DEADLOCK"),
            Column.number("BRAKED"));
    for (PolicyResult policy : result.policies()) {
      table.row(
          List.of(
              Cell.of(policy.name()),
              Cell.of(Integer.toString(policy.matched())),
              Cell.of(Integer.toString(policy.configured())),
              Cell.of(Integer.toString(policy.warm())),
              Cell.of(Integer.toString(policy.waiting())),
              Cell.of(Integer.toString(policy.deadlocked())),
              Cell.of(policy.braked() == 0 ? "-" : Integer.toString(policy.braked()))));
    }
    return table;
  }

  private Table answers() {
    Table table =
        Table.of(
            Column.of("WHAT IF"),
            Column.number("MARKS LOST"),
            Column.of("BRAKE"),
            Column.number("WRITES"));
    for (WhatIf.Answer answer : report.answers()) {
      table.row(
          answer.question(),
          answer.marksLost() + " of " + answer.warmBefore(),
          answer.braked() == 0 ? "-" : "holds " + answer.braked(),
          Integer.toString(answer.writes()));
    }
    return table;
  }
}
